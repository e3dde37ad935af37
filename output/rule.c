/* The table of diagnoses, row by row as DOMAIN.md 5, and looking them up. */
#include "output/rule.h"

#include "dissector/base/span.h"

static const struct rule rules[] = {
    {"D01", "malformed-xml", SEVERITY_CRITICAL, OWNER_SERVER, "The XML of an answer is broken",
     "A Multi-Status that is not well-formed XML. Clients must assume nothing about it: a listing "
     "is dropped whole, the outcome of a write is unknown.",
     "Look at the byte named, and escape '&', '<' and names in the server (or the proxy that "
     "rewrites its answers).",
     "RFC 4918 §8.2, §17"},
    {"D02", "control-characters", SEVERITY_CRITICAL, OWNER_SERVER,
     "A control character makes an answer unreadable",
     "XML cannot hold most control characters, not even as references. One name or title with such "
     "a byte makes the whole answer unreadable to strict clients.",
     "Rename or edit that one object; let the server filter such characters.", "XML 1.0 §2.2"},
    {"D03", "not-xml", SEVERITY_ERROR, OWNER_SERVER,
     "A web page or other text stands where a Multi-Status has to be",
     "The answer to a DAV request is HTML, JSON, plain text or XML of another kind: a login page, "
     "a "
     "portal, an error page of a proxy or of the application.",
     "Open the URL in a browser and read the page; exclude the DAV path from single sign-on, "
     "portals and filters.",
     "RFC 4918 §13"},
    {"D04", "extra-output", SEVERITY_ERROR, OWNER_SERVER,
     "Something else was printed around the XML",
     "Bytes before the XML or behind its root: warnings of the application, blank lines. Strict "
     "parsers refuse the whole answer.",
     "Turn off error output of the application (display_errors in PHP) and read the server's log.",
     "XML 1.0 §2.1"},
    {"D05", "cut-on-the-wire", SEVERITY_ERROR, OWNER_SERVER, "An answer was cut off on its way",
     "The connection ended before the answer did, or its XML stops in the middle although the "
     "message is complete. Round times or sizes point to a limit.",
     "Read the logs of application and proxy for that moment: crashes, limits of time, size and "
     "memory; raise these, or split large folders. Where the client broke off, look at its own "
     "time limit first.",
     "RFC 9112 §8"},
    {"D06", "too-large-for-client", SEVERITY_ERROR, OWNER_CLIENT,
     "A listing may be too large for the Windows client",
     "The Windows redirector stops at FileAttributesLimitInBytes, 1,000,000 bytes unless "
     "configured otherwise, and then shows the folder as empty or fails.",
     "Raise FileAttributesLimitInBytes in the registry, or split the folder.",
     "Microsoft Mini-Redirector"},
    {"D07", "compression-mismatch", SEVERITY_ERROR, OWNER_PROXY,
     "An answer is compressed otherwise than its header says",
     "The body is compressed without saying so, says so without being compressed, or is compressed "
     "as the client does not accept it. Clients may see garbage.",
     "Turn off compression for the DAV location, on the server or the proxy, not on both.",
     "RFC 9110 §8.4"},
    {"D08", "charset-mismatch", SEVERITY_WARNING, OWNER_SERVER,
     "Text is not in the encoding it claims",
     "Bytes are invalid in the declared encoding, or a name was encoded twice. Names look garbled, "
     "or the client cannot read the answer.",
     "Set one encoding (UTF-8) for file names, the server's locale and the database.",
     "RFC 4918 §19"},
    {"D09", "content-type", SEVERITY_WARNING, OWNER_SERVER,
     "The Content-Type may stop strict clients",
     "A Multi-Status without Content-Type, or with another one than application/xml or text/xml. "
     "Some clients compare the exact value application/xml; charset=utf-8.",
     "Let the server send exactly: application/xml; charset=utf-8", "RFC 4918 §8.2"},
    {"D10", "empty-answer", SEVERITY_ERROR, OWNER_SERVER, "A Multi-Status says nothing",
     "No body, or no response element, where something had to be listed. The client may take it "
     "for an empty folder.",
     "Read the server's log for that moment; check rights and the backend.", "RFC 4918 §9.1"},
    {"D11", "wrong-status", SEVERITY_WARNING, OWNER_SERVER,
     "A DAV request was answered with the wrong status",
     "A Multi-Status under another status than 207, or a DAV method refused as unknown (405, 501) "
     "or "
     "as asking for what is not there (404): DAV is not enabled at that URL, or something in front "
     "blocks the method.",
     "Check the URL, and that DAV is enabled and its methods pass every proxy.", "RFC 4918 §13"},
    {"D12", "unexpected-207", SEVERITY_ERROR, OWNER_SERVER,
     "207 for a request that has no Multi-Status",
     "A client that looks at the status alone may take the request for done, or for failed, "
     "whatever the items inside say.",
     "Read the items: they hold the real outcome. The server should answer with a plain status.",
     "RFC 4918 §11.1"},
    {"D13", "percent-encoding-drift", SEVERITY_ERROR, OWNER_SERVER,
     "Names come back in another spelling than they were asked for",
     "Requested and returned URLs differ in percent-encoding (@ and %40, $ and %24). Strict "
     "clients may see two resources: things then go missing, or are transferred again each time.",
     "Keep one spelling: the server should return URLs as they were asked for.",
     "RFC 3986 §6.2.2, RFC 4918 §8.3"},
    {"D14", "double-encoding", SEVERITY_ERROR, OWNER_SERVER, "Names are percent-encoded twice",
     "The URL holds %25 where a single escape belongs (%2520 for a space). The next request for it "
     "finds nothing.",
     "Find which of server, proxy and application encodes again what is encoded already.",
     "RFC 3986 §2.4"},
    {"D15", "unicode-forms", SEVERITY_WARNING, OWNER_SERVER, "One name in two Unicode forms",
     "Composed and decomposed letters (as macOS makes them) are mixed up. The same name shows "
     "twice, or is transferred for ever.",
     "Normalise names on the server; rename the items that exist twice.",
     "Unicode Standard Annex 15"},
    {"D16", "proxy-rewrite", SEVERITY_ERROR, OWNER_PROXY,
     "URLs point somewhere else than the client may go",
     "The answer names another scheme, host, port or path prefix than the request was for: a proxy "
     "in front is not known to the server, or the server calls its resources by another path. "
     "Clients may follow the wrong URL or drop the listing.",
     "Behind a proxy set the public host, protocol and path in the server (overwrite or webroot "
     "settings, X-Forwarded headers); without one give the client the URL that the server uses.",
     "RFC 4918 §8.3"},
    {"D17", "outside-collection", SEVERITY_ERROR, OWNER_SERVER,
     "An answer lists things outside the folder asked for",
     "Clients may drop such entries, or the whole listing.",
     "Look for rewrite rules and aliases between the two URLs.", "RFC 4918 §8.3, §9.1"},
    {"D18", "slash-missing", SEVERITY_WARNING, OWNER_SERVER,
     "The slash at the end of a folder is missing",
     "The URL of a collection should end in a slash. Some clients may show the folder inside "
     "itself, or ask for ever.",
     "Let the server write collection URLs with the slash; give the client the URL with it.",
     "RFC 4918 §5.2"},
    {"D19", "duplicate-hrefs", SEVERITY_ERROR, OWNER_SERVER,
     "The same resource is listed twice in one answer",
     "One URL must stand once in a Multi-Status. Clients may make conflict copies or download "
     "twice.",
     "Look for duplicates in the server's database or for two mounts of the same storage.",
     "RFC 4918 §14.24"},
    {"D20", "self-entry", SEVERITY_WARNING, OWNER_SERVER,
     "A folder is missing from its own listing, or Depth 0 has several answers",
     "Clients may drop the entry of the folder itself, often the first: one file is then lost to "
     "them.",
     "Server defect: report it with this exchange.", "RFC 4918 §9.1"},
    {"D21", "depth", SEVERITY_WARNING, OWNER_CLIENT, "A whole tree was asked for at once",
     "A listing with Depth infinity (or without Depth, which means the same) was refused, or only "
     "its first level was answered, so that everything below looks empty.",
     "Let the client walk folder by folder (Depth: 1), or allow infinite depth on the server.",
     "RFC 4918 §9.1, §10.2"},
    {"D22", "case-drift", SEVERITY_WARNING, OWNER_SERVER, "Names differ in upper and lower case",
     "The server found another spelling of the name (a file system without case, mod_speling). "
     "Clients may see two resources.",
     "Turn off spelling correction for DAV; rename so that names differ in more than case.",
     "RFC 3986 §6.2.2.1"},
    {"D23", "malformed-href", SEVERITY_ERROR, OWNER_SERVER, "A URL in the answer is malformed",
     "The scheme stands twice, a slash is missing, a name was escaped twice, or there is white "
     "space, a bare %, a # or a backslash inside. The client cannot go there.",
     "Let the server escape names in URLs (a space is %20) and in XML, once each; look for a URL "
     "that server or proxy puts together from two halves.",
     "RFC 4918 §8.3"},
    {"D24", "ghosts", SEVERITY_ERROR, OWNER_SERVER, "Items that the client knows of are not there",
     "An item listed or asked for is answered as not found or not at all, again and again. Clients "
     "may stop at it.",
     "Rebuild the server's index, or delete the item there.", "RFC 4791 §7.9"},
    {"D25", "sync-token-rejected", SEVERITY_WARNING, OWNER_SERVER, "A sync token was rejected",
     "Once it is a normal expiry. Each time, every synchronisation transfers everything.",
     "Check that the server keeps its change log (several nodes, cleared tables, wrong clock).",
     "RFC 6578 §3.2"},
    {"D26", "sync-loop", SEVERITY_ERROR, OWNER_SERVER, "A synchronisation goes round in circles",
     "The same token, or an older one, comes back together with changes, or the same change is "
     "delivered again. The client may download for ever.",
     "Set up the account anew on the client, or clear the change log on the server.",
     "RFC 6578 §3.2"},
    {"D27", "paging", SEVERITY_ERROR, OWNER_CLIENT, "A partial result was not continued",
     "The server delivered a page and said that there is more; the client did not go on, or the "
     "next page started again. Items behind it never appear.",
     "Update the client; raise or lift the server's page limit.", "RFC 6578 §3.6"},
    {"D28", "first-sync-removals", SEVERITY_INFO, OWNER_SERVER,
     "Removals are told as clients may not expect",
     "A first synchronisation has nothing to remove, and a removal has a status and no properties. "
     "Some clients may take anything else for an error.",
     "Update the server.", "RFC 6578 §3.4"},
    {"D29", "mass-removal", SEVERITY_ERROR, OWNER_SERVER, "Many items vanished at once",
     "One answer removes a large part of a collection, or a listing is far shorter than before, "
     "and nobody was seen deleting. Lost rights and server errors look like this; clients may "
     "delete their local data.",
     "Stop the clients from synchronising, then check shares, rights and the server's log.",
     "RFC 6578 §3.5.2"},
    {"D30", "sync-unsupported", SEVERITY_INFO, OWNER_SERVER, "A report is not supported",
     "The client may fall back to full listings.", "Update the server if the traffic matters.",
     "RFC 6578 §3.2"},
    {"D31", "stuck-item", SEVERITY_ERROR, OWNER_USER, "The same item fails again and again",
     "The same request for the same item was refused at least three times, with nothing done about "
     "it in between.",
     "Take care of this one item: read the reason given, then correct, rename or remove it.",
     "RFC 4918 §8"},
    {"D32", "etag-defects", SEVERITY_ERROR, OWNER_SERVER, "ETags cannot be relied on",
     "The ETag in listings is missing, or another one than on download, or a write with the ETag "
     "just given is refused. Clients may upload, download or conflict for ever.",
     "Do not compress on the DAV location, or let what compresses leave ETags alone; look for "
     "proxies that change them.",
     "RFC 9110 §8.8.3"},
    {"D33", "duplicate-uid", SEVERITY_ERROR, OWNER_USER, "An item exists twice under one UID",
     "A calendar or address book refuses a second item with the same UID. The client may keep "
     "trying.",
     "Delete the other copy, at the URL in the condition; look into the trash bin.",
     "RFC 4791 §5.3.2.1"},
    {"D34", "change-not-listed", SEVERITY_ERROR, OWNER_SERVER, "A change does not show",
     "Something was stored successfully, and yet the sync token or ctag of its collection stayed "
     "the same. Other clients never see it.",
     "Look for a cache in front, or for two back-ends that do not know of each other.",
     "RFC 6578 §3.2"},
    {"D35", "full-listing", SEVERITY_INFO, OWNER_CLIENT,
     "A large folder is listed in full every time",
     "The client lists everything again although the server offers synchronisation by changes.",
     "Update the client or check why it does not keep its token.", "RFC 6578 §3"},
    {"D36", "locked", SEVERITY_ERROR, OWNER_USER, "Something is locked",
     "A request was refused because the resource, or something inside it, is locked.",
     "Find who holds the lock and close the file there; remove the lock on the server when its "
     "owner is gone.",
     "RFC 4918 §11.3"},
    {"D37", "cascade", SEVERITY_WARNING, OWNER_USER, "One failure blocked others",
     "Most items failed only because another one did (424). They need no care of their own.",
     "Solve the cause named; the others follow. Where none is named, the server's log may tell.",
     "RFC 4918 §11.4"},
    {"D38", "partial-write", SEVERITY_ERROR, OWNER_SERVER, "A write was done in part",
     "A DELETE, COPY or MOVE of a tree, or a bulk change, left some items undone under a 207, "
     "which many clients may take for success. Client and server now differ.",
     "Look at the items left over, solve why, and repeat.", "RFC 4918 §9.6.1, §9.8.5, §9.9.4"},
    {"D39", "storage-full", SEVERITY_ERROR, OWNER_SERVER, "There is no room left",
     "A write was refused for want of storage, or the quota has nothing left.",
     "Raise the quota or empty trash and versions; when the volume itself is full, free space "
     "there.",
     "RFC 4918 §11.5, RFC 4331 §6"},
    {"D40", "protected-property", SEVERITY_INFO, OWNER_CLIENT,
     "A client sets properties it may not set",
     "Mostly harmless. Some clients may refuse further writes, or show a calendar as read-only.",
     "Let the server accept and ignore the property, or exclude it in the client.", "RFC 4918 §16"},
    {"D41", "rights", SEVERITY_WARNING, OWNER_USER, "The account lacks rights",
     "An operation was refused for want of privileges.",
     "Grant the privilege named, in the share or access settings of that folder.",
     "RFC 3744 §7.1.1"},
    {"D42", "not-created", SEVERITY_ERROR, OWNER_SERVER, "A folder or calendar was not created",
     "MKCOL or MKCALENDAR with properties fails as a whole when one property is refused, under a "
     "207.",
     "Take out the property that was refused; where none is named, look whether something is there "
     "already.",
     "RFC 5689 §3, RFC 4791 §5.3.1"},
    {"D43", "precondition", SEVERITY_INFO, OWNER_USER, "A condition of the request did not hold",
     "A condition of the request did not hold any more (412). The client may make a conflict copy "
     "or ask.",
     "Usual now and then; if it is always the same item, see D31 and D32.", "RFC 9110 §13"},
    {"D44", "false-success", SEVERITY_CRITICAL, OWNER_SERVER, "Reported as done, but not done",
     "The status says success, yet an item inside failed, a recipient was not reached, or what was "
     "stored is missing from the next listing.",
     "Treat the data as lost until checked; compare client and server for these items. Where a "
     "recipient was not reached, check its address and who may see its calendar.",
     "RFC 4918 §13"},
    {"D45", "well-known", SEVERITY_WARNING, OWNER_SERVER, "Automatic discovery is broken",
     "/.well-known/caldav or carddav leads nowhere, in a circle, or from https to http, perhaps "
     "over "
     "several requests, or the client asks on with GET. Clients "
     "cannot set up accounts by name alone.",
     "Correct the redirect, in the proxy's configuration mostly.", "RFC 6764 §5"},
    {"D46", "discovery-properties", SEVERITY_WARNING, OWNER_SERVER,
     "The server does not say where the user's data is",
     "The principal or the home collection is missing from the answer, or nobody is logged in. "
     "Account setup stops here.",
     "Check the base URL, that the app is enabled, and that the proxy passes the Authorization "
     "header on.",
     "RFC 5397, RFC 6764 §6"},
    {"D47", "collection-vanished", SEVERITY_ERROR, OWNER_SERVER,
     "A collection that was there is gone",
     "It was listed before, is now not found or somewhere else, and nobody was seen deleting it.",
     "Was it renamed or unshared? Let the client look for its collections again.", "RFC 4918 §8"},
    {"D48", "unavailable", SEVERITY_WARNING, OWNER_SERVER,
     "Requests were turned away, or repeated at once",
     "429 or 503: too many requests, maintenance or overload; no fault of the data. Or one request "
     "fails and the client repeats it again and again without waiting.",
     "Wait as Retry-After says; look at load and limits if it keeps on, and at clients that do not "
     "wait.",
     "RFC 9110 §15.6.4, RFC 6585 §4"},
    {"D49", "processing-pending", SEVERITY_INFO, OWNER_SERVER, "Files are still being processed",
     "The server answers 425 for items it has not finished (virus scan, conversion).",
     "Normal for a moment; after some minutes look at the server's queue.", "RFC 8470 §5.2"},
    {"D50", "slow", SEVERITY_WARNING, OWNER_SERVER, "An answer took very long, or did not come",
     "The client waited long for the first byte or for the whole body, and may have given up and "
     "asked again while the server was still at work.",
     "Look at the server's indexes and previews; let the client ask for less.", "RFC 2518 §10.1"},
    {"D51", "heavy-request", SEVERITY_INFO, OWNER_CLIENT, "A request asks for very much",
     "All properties of a large folder, or the data of all items, in one PROPFIND.",
     "Update or configure the client to name the properties it needs.", "RFC 4918 §9.1"},
    {"D52", "redirect-inside", SEVERITY_WARNING, OWNER_SERVER,
     "Items are redirected inside an answer",
     "A 3xx inside a Multi-Status: clients may not follow it.",
     "Let the client use the new URL; correct the server's links.", "RFC 4918 §13.2"},
    {"D53", "date-format", SEVERITY_WARNING, OWNER_SERVER, "Dates are of no use to clients",
     "getlastmodified has to be an HTTP date (Sun, 06 Nov 1994 08:49:37 GMT), creationdate an "
     "Internet date (1994-11-06T08:49:37Z), and neither can lie in the future. Otherwise clients "
     "download again and again.",
     "Server defect: report it with this exchange.", "RFC 4918 §15.1, §15.7"},
    {"D54", "resourcetype", SEVERITY_WARNING, OWNER_SERVER,
     "Folders are not recognisable as folders",
     "The resourcetype of a folder lacks the collection element. Clients may show it as a file.",
     "Server defect: report it with this exchange.", "RFC 4918 §15.9"},
    {"D55", "status-line", SEVERITY_WARNING, OWNER_SERVER,
     "A status line inside an answer is malformed",
     "Strict clients may refuse the whole answer for one such line, others guess.",
     "Server defect: the form is HTTP/1.1 200 OK.", "RFC 4918 §14.28"},
    {"D56", "hidden-page-limit", SEVERITY_ERROR, OWNER_SERVER, "A listing may be only a part",
     "The same number of items again and again, or a Link to a next page that DAV clients do not "
     "know. Files beyond it are invisible and may be deleted locally.",
     "Split the folder, or raise the server's limit.", "RFC 8288"},
    {"D57", "unreadable-members", SEVERITY_WARNING, OWNER_USER,
     "Items are listed but cannot be read",
     "Every property, or the data, of listed items is refused with 403, for want of rights, or "
     "because the server cannot give the data in the form asked for.",
     "Check the share's rights, encryption, or a virus scanner that blocks; where the condition "
     "speaks of the data's form, let the client ask for another one.",
     "RFC 4918 §9.1.2, RFC 4791 §7.9"},
    {"D58", "batch-errors", SEVERITY_ERROR, OWNER_CLIENT, "A batch answer under 200 holds errors",
     "The HTTP status says success; the errors stand inside. Monitoring by status misses them.",
     "Read the items, and let the client look at them too.", "RFC 9110 §15.3.1"},
    {"D59", "packets-dropped", SEVERITY_ERROR, OWNER_CAPTURE, "Packets were lost while capturing",
     "The capturing machine dropped packets before they could be analysed. Answers they were part "
     "of are incomplete, or are not seen at all; findings may miss their other half.",
     "Take less (-f, --snaplen) or give it more room (--buffer-size 256M). When the interface "
     "drops, enlarge its ring (ethtool -G). Capture on a faster or less busy machine.",
     "pcap_stats(3PCAP)"},
    {"D60", "records-lost", SEVERITY_ERROR, OWNER_CAPTURE, "Records could not be written",
     "An output took its records too slowly, or could not take them (disk full, reader gone). "
     "Counts and findings know of them all; the records themselves are not there.",
     "Make room on the disk, read faster, or write less (--only, --resources problems).",
     "davscope(1), LOSSES"},
    {"D61", "write-refused", SEVERITY_WARNING, OWNER_USER,
     "A change was refused for a reason given",
     "The server names the condition that the change does not meet: the data does not parse, is "
     "too large, or of a kind that does not belong there. Nothing was stored; the client mostly "
     "tries again. A body that is too large may be refused without a word (413).",
     "Correct what the condition names; davscope --explain CONDITION tells more of each. Behind a "
     "413 stands a limit of the proxy or server (client_max_body_size, LimitRequestBody).",
     "RFC 4918 §16, RFC 4791 §5.3.2.1, RFC 6352 §6.3.2.1"},
    {"D62", "closed-unanswered", SEVERITY_ERROR, OWNER_SERVER,
     "The connection was closed instead of an answer",
     "The server, or a proxy in front, took a request and closed or reset the connection without a "
     "word: a process that crashed or was restarted, or a limit. The client shows a network error "
     "or asks again; of a write nobody knows whether it was done. An idle connection that is "
     "closed just as a request comes is usual, and told as worth knowing only.",
     "Read the error logs of server and proxy for that moment: crashes, restarts, limits of time "
     "and size. Look whether a write was done before it is repeated.",
     "RFC 9112 §9.3.1, §9.6"},
    {"D63", "server-error", SEVERITY_ERROR, OWNER_SERVER, "The server fails at requests",
     "Requests are answered with 500, 502, 504 or another 5xx that says no more: an error in the "
     "server or application, or one that a gateway in front does not reach. Of a write nobody "
     "knows "
     "whether it was done.",
     "Read the error log of server and application for that moment; behind a 502 or 504 look "
     "whether the server runs, and how long the gateway waits for it.",
     "RFC 9110 §15.6"},
};

enum { N_RULES = sizeof rules / sizeof *rules };
_Static_assert(sizeof rules / sizeof *rules <= (size_t)RULES_MAX, "raise RULES_MAX");

const char *owner_name(enum owner owner)
{
    static const char *const names[OWNER_N] = {
        "nobody", "client", "server", "proxy", "network", "capture", "user",
    };
    return names[owner];
}

const char *severity_name(enum severity severity)
{
    static const char *const names[] = {"none", "info", "warning", "error", "critical"};
    return names[severity];
}

const struct rule *rule_at(size_t i)
{
    return i < N_RULES ? &rules[i] : NULL;
}

size_t rule_index(const struct rule *rule)
{
    return (size_t)(rule - rules);
}

const struct rule *rule_find(const char *id_or_name)
{
    struct span wanted = span_str(id_or_name);
    for (size_t i = 0; i < N_RULES; i++)
        if (span_equal_nocase(wanted, span_str(rules[i].id)) ||
            span_equal_nocase(wanted, span_str(rules[i].name)))
            return &rules[i];
    return NULL;
}
