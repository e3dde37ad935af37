# Radicale behind Apache as a reverse proxy, both legs in one capture ("any"): each answer comes twice,
# once under the server's own path, once under /cal/. The hrefs are the client's on both legs.
calendar=http://dav.example:5232/demo/work/
. scenarios/calendar.inc
radicale_server
make_calendar
for n in $(seq 20); do put_event "event-$n" "Event $n"; done
apache "LoadModule proxy_module /usr/lib/apache2/modules/mod_proxy.so" \
    "LoadModule proxy_http_module /usr/lib/apache2/modules/mod_proxy_http.so" \
    "ProxyPass /cal/ http://127.0.0.1:5232/" "ProxyPreserveHost On" \
    "<Location /cal/>" "Dav Off" "RequestHeader set X-Script-Name /cal" "</Location>"
capture -i any

calendar=http://dav.example/cal/demo/work/
propfind $calendar 1 '<?xml version="1.0"?><propfind xmlns="DAV:"><prop><getetag/><displayname/></prop></propfind>' -u demo:demo -A "$agent" --compressed
report '<?xml version="1.0"?><C:calendar-multiget xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav"><D:prop><D:getetag/><C:calendar-data/></D:prop><D:href>/cal/demo/work/standup.ics</D:href><D:href>/cal/demo/work/gone.ics</D:href></C:calendar-multiget>' --compressed
dav DELETE ${calendar}event-3.ics -u demo:demo -A "$agent" --compressed
