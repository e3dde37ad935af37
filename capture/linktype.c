/* DLT_ or LINKTYPE_ values arrive, LINKTYPE_ values leave; see linktype.h.
 *
 * The numbers below 105 that differ do so because systems gave them different meanings; the DLT_
 * numbers stand here as themselves, for a file keeps them whatever system reads it. Private
 * meanings of single systems (DLT_USERn) are not guessed. */
#include "capture/linktype.h"

#include <stddef.h>

static const struct {
    uint32_t dlt, linktype;
} differing[] = {
    {11, 100}, /* ATM with RFC 1483 encapsulation */
    {12, 101}, /* raw IP, most systems */
    {14, 101}, /* raw IP, OpenBSD */
    {15, 102}, /* SLIP, BSD/OS */
    {16, 103}, /* PPP, BSD/OS */
    {19, 106}, /* classical IP over ATM, Linux */
};

uint32_t linktype_of(uint32_t dlt)
{
    for (size_t i = 0; i < sizeof differing / sizeof differing[0]; i++) {
        if (differing[i].dlt == dlt)
            return differing[i].linktype;
    }
    return dlt;
}

int dlt_of(uint32_t linktype)
{
    for (size_t i = 0; i < sizeof differing / sizeof differing[0]; i++) {
        if (differing[i].linktype == linktype)
            return (int)differing[i].dlt;
    }
    return (int)linktype;
}
