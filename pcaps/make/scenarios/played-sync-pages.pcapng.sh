# sync-collection in pages (507 on the collection, then the rest), with tombstones as older sabre/dav
# sent them (404 and a 418 placeholder), a child that cannot be synced, a token that does not move,
# and a token refused.
. scenarios/played.inc
calendar=$url/calendars/ann/work/
. scenarios/calendar.inc
{
    for n in 1 2 3; do found /calendars/ann/work/$n.ics; done
    echo ' <d:response><d:href>/calendars/ann/work/</d:href><d:status>HTTP/1.1 507 Insufficient Storage</d:status><d:error><d:number-of-matches-within-limits/></d:error></d:response>'
    echo ' <d:sync-token>http://sabre.io/ns/sync/3</d:sync-token>'
} | reply_207
{
    for n in 4 5; do found /calendars/ann/work/$n.ics; done
    echo ' <d:sync-token>http://sabre.io/ns/sync/5</d:sync-token>'
} | reply_207
{
    found /calendars/ann/work/6.ics
    echo ' <d:response><d:href>/calendars/ann/work/1.ics</d:href><d:status>HTTP/1.1 404 Not Found</d:status><d:propstat><d:prop/><d:status>HTTP/1.1 418 I&apos;m a teapot</d:status></d:propstat></d:response>'
    gone /calendars/ann/work/2.ics
    echo ' <d:sync-token>http://sabre.io/ns/sync/8</d:sync-token>'
} | reply_207
{
    found /calendars/ann/work/7.ics
    echo ' <d:response><d:href>/calendars/ann/work/shared/</d:href><d:status>HTTP/1.1 403 Forbidden</d:status><d:error><d:sync-traversal-supported/></d:error></d:response>'
    echo ' <d:sync-token>http://sabre.io/ns/sync/8</d:sync-token>'
} | reply_207
reply 'HTTP/1.1 403 Forbidden' 'Content-Type: application/xml; charset=utf-8' <<XML
<?xml version="1.0" encoding="utf-8"?>
<d:error xmlns:d="DAV:" xmlns:s="http://sabredav.org/ns"><s:exception>Sabre\\DAV\\Exception\\InvalidSyncToken</s:exception><s:message>Invalid or unknown sync token</s:message><d:valid-sync-token/></d:error>
XML
{ found /calendars/ann/work/7.ics && gone /calendars/ann/work/0.ics; } | reply_207
played_server
capture

for token in '' 3 5 8 8 ''; do
    sync "${token:+http://sabre.io/ns/sync/$token}"
done
