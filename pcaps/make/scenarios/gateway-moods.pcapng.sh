# What stands in front of a WebDAV server and does not know WebDAV: a login page instead of the answer, a
# web server without DAV, a limit of requests a second, and discovery that is sent from https to http.
mkdir -p "$www/files" "$work/gateway/plain"
chmod 755 "$work" "$work/gateway"
echo text >"$www/files/a.txt"
printf '<!DOCTYPE html>\n<html><head><title>Sign in - Example SSO</title></head><body><form method="post"><input name="user"></form></body></html>\n' >"$work/gateway/login.html"
echo text >"$work/gateway/plain/index.html"
apache
certificate
nginx_gateway "root $work/gateway;" \
    'location /sso/ { error_page 405 =200 /login.html; return 405; }' \
    'location = /login.html { error_page 405 =200 /login.html; }' \
    'location /files/ { limit_req zone=clients; add_header Retry-After 30 always; proxy_pass http://127.0.0.1:80; }' \
    'listen 8443 ssl;' "ssl_certificate $work/cert;" "ssl_certificate_key $work/key;" \
    'location /.well-known/caldav { return 301 http://dav.example/files/; }' \
    'location /.well-known/carddav { return 301 $scheme://$http_host/.well-known/carddav; }'
capture
export SSLKEYLOGFILE=$work/keys

list='<?xml version="1.0"?><propfind xmlns="DAV:"><prop><resourcetype/><getetag/></prop></propfind>'
gate=http://dav.example:8088
propfind $gate/sso/files/ 1 "$list" -A 'FileView/1.4'
propfind $gate/plain/ 1 "$list" -A 'FileView/1.4'
for _ in 1 2 3 4; do propfind $gate/files/ 1 "$list" -A 'FileView/1.4'; done
principal='<?xml version="1.0"?><propfind xmlns="DAV:"><prop><current-user-principal/></prop></propfind>'
propfind https://dav.example:8443/.well-known/caldav 0 "$principal" -k -A 'DemoCal/2.1'
propfind https://dav.example:8443/.well-known/carddav 0 "$principal" -k -A 'DemoCal/2.1'
propfind http://dav.example/ 0 "$principal" -A 'DemoCal/2.1'
edit_capture() { keep_secrets "$1"; }
