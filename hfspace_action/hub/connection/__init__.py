"""The way to the Hub: the client's environment, proxies and certificates, what every request and answer goes through."""
