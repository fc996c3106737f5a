"""RTMP from the specification: handshake, chunks, commands. It opens no connection by itself."""
