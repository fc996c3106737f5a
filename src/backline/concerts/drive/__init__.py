"""Google Drive as a source of photos: who is connected, and what scans make of its lists."""
