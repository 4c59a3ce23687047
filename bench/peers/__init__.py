"""The generators that our build runs beside: each builds the same core pages its own way."""
