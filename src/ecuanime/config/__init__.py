"""Where the parts are put together: settings, root URLs, the web entry point and every regular job."""
