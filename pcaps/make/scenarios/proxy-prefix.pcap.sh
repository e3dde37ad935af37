# nginx in front of Apache under another path, and TLS ended in front of it: the server does not know. Its
# hrefs lead nowhere, rclone finds every folder empty, and MOVE is refused for its Destination.
mkdir -p "$www/files/docs"
echo text >"$www/files/docs/a.txt"
echo text >"$www/files/readme.txt"
apache
nginx_gateway 'location /dav/ { proxy_pass http://127.0.0.1:80/files/; proxy_set_header Host $http_host; }'
capture

dav=http://dav.example:8088/dav
propfind $dav/ 1 '<?xml version="1.0"?><propfind xmlns="DAV:"><prop><resourcetype/><getcontentlength/></prop></propfind>' -A 'FileView/1.4'
propfind $dav/docs/ 1 '<?xml version="1.0"?><propfind xmlns="DAV:"><prop><resourcetype/><getcontentlength/></prop></propfind>' -A 'FileView/1.4'
on_client env RCLONE_CONFIG_DAV_TYPE=webdav RCLONE_CONFIG_DAV_URL=$dav/ RCLONE_CONFIG_DAV_VENDOR=other \
    rclone --config /dev/null --retries 1 --low-level-retries 1 lsf -R dav: >>"$work/client.log" 2>&1 || true
# The client speaks https to the public name; in the capture is what its gateway sends on.
dav MOVE $dav/readme.txt -A 'FileView/1.4' -H 'X-Forwarded-Proto: https' -H 'Destination: https://files.example/dav/read%20me.txt'
