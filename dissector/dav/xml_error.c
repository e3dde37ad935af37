/* A table of the errors that are met in practice (DOMAIN.md 5.1 D01), and where they stand. */
#include "dissector/dav/xml_error.h"

#include "dissector/base/text.h"

#include <libxml/xmlerror.h>

static const struct {
    int code;
    const char *words;
} known[] = {
    {XML_ERR_NAME_REQUIRED, "a name is missing"},
    {XML_ERR_ENTITYREF_SEMICOL_MISSING, "unescaped '&'"},
    {XML_ERR_UNDECLARED_ENTITY, "an entity that is not declared"},
    {XML_ERR_INVALID_CHAR, "a reference to a character XML does not allow"},
    {XML_ERR_INVALID_CHARREF, "a broken character reference"},
    {XML_ERR_INVALID_DEC_CHARREF, "a broken character reference"},
    {XML_ERR_INVALID_HEX_CHARREF, "a broken character reference"},
    {XML_ERR_TAG_NAME_MISMATCH, "an end tag that does not match"},
    {XML_ERR_GT_REQUIRED, "a broken tag"},
    {XML_ERR_ATTRIBUTE_WITHOUT_VALUE, "an attribute without value"},
    {XML_ERR_ATTRIBUTE_NOT_STARTED, "an attribute value without quotes"},
    {XML_ERR_ATTRIBUTE_REDEFINED, "an attribute given twice"},
    {XML_ERR_SPACE_REQUIRED, "no space between attributes"},
    {XML_ERR_MISPLACED_CDATA_END, "']]>' in text"},
    {XML_ERR_HYPHEN_IN_COMMENT, "'--' in a comment"},
    {XML_ERR_RESERVED_XML_NAME, "an XML declaration that is not at the start"},
    {XML_ERR_DOCUMENT_EMPTY, "text where the root element has to stand"},
    {XML_NS_ERR_UNDEFINED_NAMESPACE, "an undeclared prefix"},
    {XML_NS_ERR_QNAME, "a name with several colons"},
};

static size_t append(char *text, size_t at, struct span s)
{
    s = span_first(s, ANOMALY_TEXT_BYTES - 1 - at);
    if (s.len > 0)
        memcpy(text + at, s.ptr, s.len);
    return at + s.len;
}

void xml_error_describe(char text[ANOMALY_TEXT_BYTES], int code, struct span message,
                        struct span inside)
{
    struct span words = message;
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (known[i].code == code)
            words = span_str(known[i].words);
    size_t at = append(text, 0, words);
    if (inside.len > 0) {
        at = append(text, at, span_str(" in "));
        at = append(text, at, inside);
    }
    text[at] = '\0';
}
