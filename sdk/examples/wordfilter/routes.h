/* What moderators ask: which words there are, and what would become of a text. */
#ifndef WORDFILTER_ROUTES_H
#define WORDFILTER_ROUTES_H

#include "plugin.h"

/* [create] */
stoa_status routes_add(plugin* self);

#endif /* WORDFILTER_ROUTES_H */
