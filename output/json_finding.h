/* json_finding: a finding as one line of JSON, dataset davscope.finding. */
#pragma once

#include "output/renderer.h"

void json_finding(const struct render *render, const struct finding *finding);
