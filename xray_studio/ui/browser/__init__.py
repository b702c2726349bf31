"""The browser: patients, studies and series with thumbnails, search and tabs."""
