"""What a page of a PDF holds: characters with their boxes, drawn rules, tables, form fields, pictures."""
