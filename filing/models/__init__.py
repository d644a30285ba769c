from filing.models.filed import Return

__all__ = ["Return"]
