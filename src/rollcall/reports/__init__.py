"""What a case gives to people as files, outside the case: tables and the report."""
