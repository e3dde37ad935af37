# cadaver at work with three servers: a folder, a file in it, its properties, a lock, copied, moved, removed.
echo text >"$www/a.txt"
echo up >"$work/up.txt"
rclone_server
nginx_dav
lighttpd_dav
capture

for port in 8083 8081 8082; do
    printf '%s\n' ls 'mkcol new' 'cd new' 'put up.txt' ls 'propget up.txt' 'lock up.txt' 'unlock up.txt' \
        'copy up.txt b.txt' 'move b.txt c.txt' 'delete c.txt' ls 'cd ..' 'rmcol new' ls quit |
        (cd "$work" && on_client env HOME="$work" cadaver http://dav.example:$port/) >>"$work/client.log" 2>&1
done
