"""OpenID Connect provider that plays the country's mobile identity. Protocol: docs/protocols/identity.md."""
