"""Reading of pictures: `page.read_page` is given grey pixels and returns words with their places."""
