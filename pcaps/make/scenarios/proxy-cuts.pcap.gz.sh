# nginx in front of a server that falls asleep in the middle of a long listing: two seconds later the proxy
# gives up and closes. Then a folder where it takes Content-Encoding away from what the server compressed.
mkdir -p "$www/big" "$www/packed"
for n in $(seq 400); do echo >"$www/big/$(printf 'document-%03d of the archive.txt' $n)"; done
echo text >"$www/packed/a.txt"
apache "LoadModule ratelimit_module /usr/lib/apache2/modules/mod_ratelimit.so" \
    "LoadModule env_module /usr/lib/apache2/modules/mod_env.so" \
    "<Location /big>" "SetOutputFilter RATE_LIMIT" "SetEnv rate-limit 60" "</Location>" \
    "<Location /packed>" "SetOutputFilter DEFLATE" "</Location>"
nginx_gateway 'location / { proxy_pass http://127.0.0.1:80; proxy_read_timeout 2s; }' \
    'location /packed/ { proxy_pass http://127.0.0.1:80; proxy_hide_header Content-Encoding; }'
capture

list='<?xml version="1.0"?><propfind xmlns="DAV:"><prop><resourcetype/><getetag/></prop></propfind>'
propfind http://dav.example:8088/packed/ 1 "$list" -A 'FileView/1.4' -H 'Accept-Encoding: gzip'
propfind http://dav.example:8088/big/ 1 "$list" -A 'FileView/1.4' &
client=$!
sleep 0.8
pkill -STOP apache2
wait $client || true
pkill -CONT apache2
