/* xml_encoding: bytes of an XML entity in its own encoding in, checked UTF-8 out: nothing but
 * characters XML 1.0 §2.2 allows. Encodings: UTF-8, UTF-16 of both orders, ISO-8859-1 and
 * windows-1252. Any other name is read as ISO-8859-1, in which markup at least is what it was in
 * every encoding above ASCII. */
#pragma once

#include "dissector/base/span.h"

enum xml_encoding {
    XML_UTF_8,
    XML_UTF_16LE,
    XML_UTF_16BE,
    XML_ISO_8859_1,
    XML_WINDOWS_1252,
};

struct xml_encoding_choice {
    enum xml_encoding encoding;
    size_t bom_bytes; /* to pass over */
    const char *odd;  /* static; what contradicts what, or NULL */
};

/* Chooses by byte order mark, then the charset parameter (may be empty), then the XML declaration
 * (RFC 4918 §19, RFC 7303 §3). False: more bytes than head are needed; never when is_final. */
bool xml_encoding_choose(struct xml_encoding_choice *choice, struct span head, bool is_final,
                         struct span charset);

/* Whether a declaration in the text itself names another encoding. text: UTF-8 from its start. */
bool xml_encoding_contradicts(enum xml_encoding encoding, struct span text);

enum { XML_DECODED_BYTES = 4096 };

struct xml_decoder {
    /* fields are private, but for the last three */
    enum xml_encoding encoding;
    uint8_t carry[4]; /* the bytes of a character that is not whole yet */
    size_t n_carry;
    uint8_t decoded[XML_DECODED_BYTES];
    const char *error; /* static; the byte at .offset begins what cannot be decoded. NULL: none */
    unsigned n_torn;   /* bytes that may still be the rest of a character lost in a hole */
    bool is_character; /* the error is a character, one that XML does not allow */
    uint64_t offset;   /* of the next byte, from where the decoder began */
};

void xml_decoder_init(struct xml_decoder *decoder, enum xml_encoding encoding);

/* Takes bytes from the front of *bytes and returns UTF-8 for them, borrowed until the next call;
 * for UTF-8 it is *bytes itself or a part of it. Empty: all was taken, or there is an error. */
struct span xml_decoder_next(struct xml_decoder *decoder, struct span *bytes);

/* n bytes of the input are lost. What is left of a character behind them is passed over. */
void xml_decoder_gap(struct xml_decoder *decoder, uint64_t n_bytes);

/* How many bytes of the encoding stand for text, which is whole characters that came out of it. */
uint64_t xml_encoding_bytes(enum xml_encoding encoding, struct span text);
