"""The judgement: what a message means here, what may be answered. No framework, no SQL, no socket, no asyncio."""
