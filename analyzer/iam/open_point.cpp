#include "iam/open_point.h"

namespace gabion::iam {

namespace {

struct Description {
  std::string_view name;
  std::string_view text;
};

constexpr std::array<Description, kOpenPointCount> kDescriptions{{
    {"anyIfExists", "whether ForAnyValue with IfExists is true for an absent key"},
    {"emptyList", "whether a key with an empty list counts as present"},
    {"emptyStr", "whether a set operator sees the single value \"\""},
    {"arrayPlain=never", "whether a plain operator can match a list of one value"},
    {"arrayPlain=any", "whether a plain operator on a list asks for any of its values"},
    {"arnMalformed", "whether a negated ARN operator holds for texts that are no ARNs"},
    {"invalidNeg", "whether a negated operator holds for an unreadable number, date or address"},
    {"numLex=exp", "whether numbers may have exponents"},
    {"numLex=lenient", "whether leading digits are a number"},
    {"resColon", "whether \"*\" in the first five fields of a resource ARN crosses colons"},
    {"shortArn", "whether the missing fields of a short resource ARN count as \"*\""},
    {"varAnywhere", "whether policy variables work before the fifth colon of a resource ARN"},
    {"resCase", "whether case counts in the first five fields of a resource ARN"},
    {"emptyVar", "whether a policy variable with an empty value has a value"},
    {"npExempt", "whether NotPrincipal exempts a caller whose account, role and session are not all listed"},
    {"fedAccount", "whether an account principal covers SAML and OIDC callers"},
    {"actStarColon", "whether the action \"*:*\" matches everything"},
}};

}  // namespace

std::string_view name(OpenPoint point) {
  return kDescriptions[static_cast<std::size_t>(point)].name;
}
std::string_view explain(OpenPoint point) {
  return kDescriptions[static_cast<std::size_t>(point)].text;
}

}  // namespace gabion::iam
