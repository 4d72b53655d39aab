"""Waits for a database that isn't there, and so never listens."""

import socket
import time

while True:
    try:
        socket.create_connection(("127.0.0.1", 9), timeout=1).close()
    except OSError as error:
        print(f"no database yet: {error}")
        time.sleep(1)
    else:
        break
