# rclone at work with three servers, each time the same: a tree copied up, changed, synced again, checked,
# listed, a folder moved, all removed. Nothing goes wrong.
mkdir -p "$work/local/photos/2026" "$work/local/papers & more"
for n in 1 2 3; do echo "photo $n" >"$work/local/photos/2026/photo $n.jpg"; done
echo text >"$work/local/papers & more/Übersicht 100%.txt"
echo text >"$work/local/readme.txt"
rclone_server
nginx_dav
lighttpd_dav
capture

rclone() # ARGUMENTS
{
    on_client env RCLONE_CONFIG_DAV_TYPE=webdav RCLONE_CONFIG_DAV_URL=http://dav.example:$port/ \
        RCLONE_CONFIG_DAV_VENDOR=other rclone --config /dev/null --retries 1 --low-level-retries 1 \
        --transfers 2 "$@" >>"$work/client.log" 2>&1
}
for port in 8083 8081 8082; do
    rclone sync "$work/local" dav:backup
    rm "$work/local/photos/2026/photo 2.jpg"
    echo more >>"$work/local/readme.txt"
    rclone sync "$work/local" dav:backup
    rclone check --size-only "$work/local" dav:backup
    rclone lsl dav:backup
    rclone moveto dav:backup/photos dav:backup/pictures
    rclone purge dav:backup
    echo "photo 2" >"$work/local/photos/2026/photo 2.jpg"
done
