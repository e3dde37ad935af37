/* The table of words; see explain_word.h. */
#include "output/explain_word.h"

#include "dissector/base/span.h"

#define VERDICT "verdict"
#define REASON "reason of a verdict"
#define CLASS "class of a resource"
#define FLAG "flag"
#define ANOMALY "anomaly"

static const struct explain_word words[] = {
    {"all-ok", VERDICT, "Every resource is good."},
    {"mixed", VERDICT,
     "Some resources are good and some are not. Also a change of a tree that lists "
     "failures only: what it does not list is done."},
    {"all-failed", VERDICT,
     "No resource is good, or the method does all or nothing and something failed."},
    {"empty", VERDICT,
     "The answer lists no resource, or says only that the one asked about is not there. "
     "The reason tells whether that is normal."},
    {"undecodable", VERDICT,
     "The answer was wholly seen and cannot be used. After a change nobody knows whether "
     "it was done."},
    {"incomplete", VERDICT,
     "Bytes of the answer are missing; the reason says whether the sender stopped or the "
     "capture lost them. What is listed may not be all."},
    {"no-match", REASON, "Nothing matched a query, or nothing changed: normal."},
    {"suspicious", REASON,
     "Nothing is listed where something had to be, if only the folder itself."},
    {"target-absent", REASON,
     "The answer says that what was asked about is not there; a plain 404 would have been "
     "clearer."},
    {"wire-truncated", REASON,
     "The sender, or something on the way, ended the answer before it was whole: the "
     "client saw no more either."},
    {"capture-gap", REASON, "The capture lacks packets; the client most likely got them."},
    {"snaplen", REASON,
     "Packets were cut when they were captured: capture with a larger --snaplen."},
    {"capture-ended", REASON, "The capture ended before the answer did."},
    {"joined-midway", REASON, "The capture began inside the answer."},
    {"stalled", REASON, "The answer stopped coming, and the connection stayed open."},
    {"evicted", REASON,
     "davscope gave the answer up to stay inside its memory limit: raise --memory-limit."},
    {"limit", REASON, "A limit of davscope was met; the anomaly names it."},
    {"framing-damaged", REASON, "The sizes of the chunks of the body make no sense."},
    {"coding-damaged", REASON, "The compressed body is damaged."},
    {"coding-unknown", REASON, "The body is in a coding that this build cannot undo."},
    {"not-well-formed", REASON, "The XML or JSON is broken: a client must assume nothing."},
    {"dtd", REASON, "The XML has a document type, which must not be read."},
    {"extra-output", REASON,
     "Something else stands before the XML or behind it; many clients refuse that."},
    {"no-root", REASON, "The body is XML, but no document that is known."},
    {"html", REASON, "The body is a web page."},
    {"json", REASON, "The body is JSON without results in it."},
    {"multipart", REASON, "The body has several parts, and none is a result."},
    {"plain-text", REASON, "The body is neither XML nor JSON nor a web page."},
    {"empty-body", REASON, "A 207 without a body."},
    {"status-unknown", REASON, "A status could not be read, and nothing unknown is called good."},
    {"unlisted-presumed-ok", REASON,
     "Only failures are listed, and how many there were in all is not known: the rest is "
     "taken for done."},
    {"ok", CLASS, "Done, or delivered."},
    {"unchanged", CLASS, "Nothing had to be done: 208 or 304."},
    {"absent", CLASS,
     "Not there, as may be expected: a property that this resource lacks, a removal that a "
     "synchronisation tells of."},
    {"neutral", CLASS, "A placeholder that says nothing."},
    {"pending", CLASS, "Not ready yet: ask later."},
    {"truncated", CLASS,
     "As class or flag: 507 marks the end of a page, and more is to be fetched. The mark itself is "
     "no "
     "resource and not counted."},
    {"redirect", CLASS, "It is somewhere else; most clients do not follow inside an answer."},
    {"unsolicited", CLASS, "As class or flag: it is in the answer, and nobody asked for it."},
    {"unknown", CLASS, "As class or flag: it has no status, or one that means nothing."},
    {"dependent", CLASS,
     "Not done, only because something else failed (424): look for the one that failed."},
    {"missing", CLASS, "As class or flag: asked for by name, and not in the answer."},
    {"failed", CLASS, "Refused, or broken: a cause, not a consequence."},
    {"no-href", FLAG, "The resource has no href; it is called by its place."},
    {"no-status", FLAG, "The resource has neither a status nor properties."},
    {"status-missing", FLAG, "Some properties have no status: clients guess differently."},
    {"status-malformed", FLAG, "A status holds no number that can be read."},
    {"status-odd", FLAG, "A status can be read, though strict clients refuse its form."},
    {"both-shapes", FLAG, "A status stands beside properties with their own."},
    {"no-prop", FLAG, "A status of properties, and no properties."},
    {"duplicate", FLAG, "The same URL stood before in this answer."},
    {"duplicates", FLAG, "Some URL stands twice in the answer."},
    {"nested", FLAG, "Responses stand inside the resource; they are not counted."},
    {"ns-broken", FLAG, "Names are outside their namespace, or a prefix was not declared."},
    {"cut", FLAG, "A limit of davscope left out a part."},
    {"partial", FLAG, "A part of the resource was not captured."},
    {"vanished", FLAG, "It was listed, and gone when the server looked at it."},
    {"degraded", FLAG, "Good on the whole, but some property, or something inside one, failed."},
    {"no-properties", FLAG, "It exists, and nothing was reported about it."},
    {"contradiction", FLAG, "The answer says yes and no at once: success beside a failure."},
    {"culprit-missing", FLAG, "Everything waits for something that failed, and nothing says what."},
    {"tombstone-in-initial-sync", FLAG, "A first synchronisation tells of a removal."},
    {"already-gone", FLAG, "It was to be removed and was not there: as good as done."},
    {"no-requested-property", FLAG, "It exists and has none of the properties asked for."},
    {"href-drift", FLAG, "Some URL is not spelled as it was asked for."},
    {"slash-drift", FLAG, "A slash at the end makes the difference."},
    {"encoding-drift", FLAG, "Other characters are percent-encoded than in the request."},
    {"nfc-nfd", FLAG, "Letters are composed on one side and decomposed on the other."},
    {"double-encoded", FLAG, "The URL is percent-encoded twice."},
    {"double-slash", FLAG, "A slash stands twice."},
    {"proxy-rewrite", FLAG, "Scheme, host or the beginning of the path are others than asked for."},
    {"case-drift", FLAG, "Upper and lower case differ."},
    {"token-missing", FLAG, "A synchronisation without a token to go on with."},
    {"wrapped", FLAG, "The Multi-Status stands inside another element."},
    {"207-unexpected", FLAG, "This method has no Multi-Status."},
    {"unusual", FLAG, "207 where the specification has another status."},
    {"outcome-unknown", FLAG,
     "A change whose answer cannot be used: nobody knows whether it was done."},
    {"capture-gap", ANOMALY,
     "Packets are missing in the capture; the other side got them, as it acknowledged them. What "
     "stands in the gap is not known, and the document around it is incomplete."},
    {"snaplen", ANOMALY,
     "The end of packets was cut off when they were captured. What stood there is not known, and "
     "the document is incomplete."},
    {"joined-midway", ANOMALY,
     "The capture begins inside this connection or message. What came before is not known: of a "
     "document only the rest is read, and of a compressed one nothing."},
    {"evicted", ANOMALY,
     "davscope let go of this connection to stay inside its memory limit. The document is "
     "incomplete; raise --memory-limit."},
    {"overlap-conflict", ANOMALY,
     "A segment was sent again with other bytes. The first copy is read; if the receiver took the "
     "second, it read something else than what is listed."},
    {"tls-record", ANOMALY,
     "A TLS record could not be opened: a secret is missing, or bytes of it are. Its content is "
     "treated as lost."},
    {"start-line", ANOMALY,
     "No HTTP message begins where one had to: bytes were passed over until one did, and an answer "
     "among them is not listed. When the text speaks of a control character, the line was read all "
     "the same."},
    {"field-line", ANOMALY,
     "A header line cannot be one. It was ignored, and the result is not touched by it unless it "
     "was about the length or the coding of the body."},
    {"obs-fold", ANOMALY,
     "A header field goes on over several lines, as was allowed once. It was read as one line; the "
     "result is not touched."},
    {"bare-lf", ANOMALY,
     "Header lines end with LF instead of CR LF. They were read all the same; the result is not "
     "touched."},
    {"length-conflict", ANOMALY,
     "The header fields do not agree on how long the body is. It was read as HTTP has it; another "
     "reader may see it end elsewhere, and take its rest for the next message."},
    {"chunk", ANOMALY,
     "The size or the end of a chunk makes no sense. Reading went on where the next message "
     "begins; the document is incomplete."},
    {"truncated", ANOMALY,
     "The sender stopped before the message was as long as it had said. The client saw no more "
     "either: the document is incomplete."},
    {"unpaired", ANOMALY,
     "The request of this response was not seen. What was asked is guessed from the answer, and "
     "nothing is called missing."},
    {"h2-frame", ANOMALY,
     "An HTTP/2 frame that must not be there, or a needed one that is not. It was passed over; "
     "the streams it names may lack a part."},
    {"hpack", ANOMALY,
     "HTTP/2 header fields cannot be unpacked, mostly because the capture lacks earlier ones. "
     "Those fields are unknown; bodies are read all the same."},
    {"limit", ANOMALY,
     "A limit of davscope was met; the text names it. What lies beyond is counted or left out, "
     "and the document says cut or incomplete."},
    {"coding-unknown", ANOMALY,
     "The body is in a coding that this build cannot undo. Nothing of it could be read."},
    {"coding-unlabelled", ANOMALY,
     "The body is compressed, and no header says so. It was unpacked and read; most clients see "
     "noise instead."},
    {"coding-mislabelled", ANOMALY,
     "A header names a coding, and the body is plain or in another one. It was read as what it is; "
     "most clients cannot read it."},
    {"coding-damaged", ANOMALY,
     "The compressed body is damaged or stops too early. What came before is read; the document "
     "is incomplete."},
    {"coding-trailing", ANOMALY,
     "Bytes stand behind the end of the compressed body. They were ignored; the result is not "
     "touched."},
    {"xml-malformed", ANOMALY,
     "The XML is not well-formed; text and offset tell where and why. A client must not use any "
     "of it: what is listed is what stands before."},
    {"xml-namespace", ANOMALY,
     "Names are outside their namespace, or a prefix was not declared. They were read as what "
     "they are meant to be; strict clients do not recognise them."},
    {"xml-dtd", ANOMALY,
     "The XML has a document type, behind which entities may hide. It was refused, as clients "
     "have to."},
    {"xml-encoding", ANOMALY,
     "The XML says one encoding and is in another, or has bytes that are invalid in it. Letters "
     "in names may be wrong; the statuses are not."},
    {"xml-extra", ANOMALY,
     "Something else stands before the XML or behind it, often an error message of the server. "
     "The XML was read; many clients refuse it."},
    {"json-malformed", ANOMALY,
     "The JSON is broken; the offset tells where. A client can use none of it."},
};

const struct explain_word *explain_word_at(size_t i)
{
    return i < sizeof words / sizeof *words ? &words[i] : NULL;
}

const struct explain_word *explain_word_find(const char *name, const struct explain_word *before)
{
    const struct explain_word *end = words + sizeof words / sizeof *words;
    for (const struct explain_word *word = before ? before + 1 : words; word < end; word++)
        if (span_equal_nocase(span_str(name), span_str(word->name)))
            return word;
    return NULL;
}
