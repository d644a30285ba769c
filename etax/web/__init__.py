"""What every page of every face shares: language, headers, forms, navigation, error pages."""
