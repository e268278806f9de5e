"""Put findings together that speak of one person in one place: a row, a form, a paragraph."""
