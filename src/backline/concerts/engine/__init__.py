"""What is done with strangers' pictures: local files only, no HTTP and no SQL."""
