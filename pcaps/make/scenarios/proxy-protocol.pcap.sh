# haproxy on the client's side names its own client to Apache by the PROXY protocol, version 1, 2, and version 2 for
# an IPv6 client; a deletion is refused.
mkdir -p "$www/files"
echo one >"$www/files/a.txt"
apache 'LoadModule remoteip_module /usr/lib/apache2/modules/mod_remoteip.so' 'RemoteIPProxyProtocol On'
cat >"$work/haproxy.cfg" <<CONF
defaults
    mode tcp
    timeout connect 5s
    timeout client 5s
    timeout server 5s
listen first
    bind 127.0.0.1:8001
    server dav $server_ip4:80 send-proxy
listen second
    bind 127.0.0.1:8002
    bind [::1]:8006
    server dav $server_ip4:80 send-proxy-v2
CONF
on_client haproxy -f "$work/haproxy.cfg" >/dev/null 2>&1 &
until on_client curl -so /dev/null http://127.0.0.1:8001/; do sleep 0.1; done
capture

dav PROPFIND http://127.0.0.1:8001/files/ -H 'Depth: 1' -H 'Host: dav.example' --local-port 40001
lock http://127.0.0.1:8001/files/a.txt -H 'Host: dav.example' --local-port 40002 >/dev/null
dav DELETE http://127.0.0.1:8002/files/ -H 'Host: dav.example' --local-port 40003
dav PROPFIND 'http://[::1]:8006/files/' -H 'Depth: 1' -H 'Host: dav.example' --local-port 40004
