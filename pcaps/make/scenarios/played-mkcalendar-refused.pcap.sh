# MKCALENDAR and extended MKCOL refused with a body: as a multistatus under 207, as mkcalendar-response
# and as mkcol-response; and one made with a mkcol-response under 201.
. scenarios/played.inc
refused='<d:propstat><d:prop><a:calendar-color/></d:prop><d:status>HTTP/1.1 403 Forbidden</d:status><d:error><d:cannot-modify-protected-property/></d:error></d:propstat><d:propstat><d:prop><d:displayname/></d:prop><d:status>HTTP/1.1 424 Failed Dependency</d:status></d:propstat>'
echo " <d:response><d:href>/calendars/ann/new/</d:href>${refused//a:/cal:}</d:response>" | reply_207
type='Content-Type: application/xml; charset=utf-8'
spaces='xmlns:d="DAV:" xmlns:cal="urn:ietf:params:xml:ns:caldav" xmlns:a="http://apple.com/ns/ical/"'
echo "<cal:mkcalendar-response $spaces>$refused</cal:mkcalendar-response>" | reply 'HTTP/1.1 207 Multi-Status' "$type"
echo "<d:mkcol-response $spaces>$refused</d:mkcol-response>" | reply 'HTTP/1.1 424 Failed Dependency' "$type"
echo "<d:mkcol-response $spaces><d:propstat><d:prop><d:resourcetype/><d:displayname/></d:prop><d:status>HTTP/1.1 200 OK</d:status></d:propstat></d:mkcol-response>" |
    reply 'HTTP/1.1 201 Created' "$type"
played_server
capture

set='<D:set><D:prop><D:displayname>New</D:displayname><A:calendar-color>#3366cc</A:calendar-color></D:prop></D:set>'
for method in MKCALENDAR MKCALENDAR; do
    dav_xml $method $url/calendars/ann/new/ "<C:mkcalendar xmlns:D=\"DAV:\" xmlns:C=\"urn:ietf:params:xml:ns:caldav\" xmlns:A=\"http://apple.com/ns/ical/\">$set</C:mkcalendar>"
done
for name in new newer; do
    dav_xml MKCOL $url/calendars/ann/$name/ "<D:mkcol xmlns:D=\"DAV:\" xmlns:A=\"http://apple.com/ns/ical/\">$set</D:mkcol>"
done
