# A hundred listings at once on one HTTP/2 connection (nghttp), their answers mixed frame by frame.
mkdir -p "$www/many"
for n in $(seq 60); do echo $n >"$www/many/$n.txt"; done
apache 'LoadModule http2_module /usr/lib/apache2/modules/mod_http2.so' 'Protocols h2c' \
    'H2MaxSessionStreams 128' 'H2MaxWorkers 16' 'H2MinWorkers 16'
capture

echo '<?xml version="1.0"?><propfind xmlns="DAV:"><prop><resourcetype/><getcontentlength/></prop></propfind>' >"$work/body"
on_client nghttp -n -m 100 -H ':method: PROPFIND' -H 'depth: 1' -H 'content-type: application/xml' \
    -d "$work/body" http://dav.example/many/ >>"$work/client.log"
