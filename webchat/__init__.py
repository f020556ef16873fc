"""The front door: sockets, pages, command line, wiring. The only async room."""
