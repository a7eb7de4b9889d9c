"""Who hears of news, and how: channels, routes, messages and what became of them."""
