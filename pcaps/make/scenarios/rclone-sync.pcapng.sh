# rclone: a tree copied up to Apache, changed, synced again (one file gone), checked, and a folder purged
# in which one file is locked.
apache
mkdir -p "$work/local/photos/2026" "$work/local/papers & more"
for n in 1 2 3; do echo "photo $n" >"$work/local/photos/2026/photo $n.jpg"; done
echo text >"$work/local/papers & more/Übersicht 100%.txt"
echo text >"$work/local/readme.txt"
capture

rclone() # ARGUMENTS
{
    on_client env RCLONE_CONFIG_DAV_TYPE=webdav RCLONE_CONFIG_DAV_URL=http://dav.example/ \
        RCLONE_CONFIG_DAV_VENDOR=other rclone --config /dev/null --retries 1 --low-level-retries 1 \
        --transfers 2 "$@" >>"$work/client.log" 2>&1 || true
}
rclone sync "$work/local" dav:backup
rm "$work/local/photos/2026/photo 2.jpg"
echo more >>"$work/local/readme.txt"
rclone sync "$work/local" dav:backup
rclone check "$work/local" dav:backup
rclone lsl dav:backup
rclone moveto dav:backup/photos dav:backup/pictures
token=$(lock "http://dav.example/backup/pictures/2026/photo%201.jpg")
rclone purge dav:backup
rclone about dav:
