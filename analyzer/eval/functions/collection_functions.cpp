// Table of the functions over lists, maps and sets.
#include "eval/functions/collection.h"
#include "eval/functions/support.h"

namespace gabion::eval {

namespace functions {
namespace {

/// A parameter for which the implementation looks at unknowns and marks itself.
constexpr Parameter any(std::string_view name, const Type& type = kDynamicType) {
  return {.name = name, .type = &type, .allow_unknown = true, .allow_marked = true};
}
/// A parameter for which the implementation looks at unknowns; marks move to the result.
constexpr Parameter plain(std::string_view name, const Type& type = kDynamicType) {
  return {.name = name, .type = &type, .allow_unknown = true};
}
constexpr Parameter nullable(Parameter parameter) {
  parameter.allow_null = true;
  return parameter;
}

constexpr Parameter kBools[] = {plain("list", kListOfBool)};
constexpr Parameter kChunk[] = {any("list", kListOfAny), any("size", kNumberType)};
constexpr Parameter kValues = nullable(plain("vals"));
constexpr Parameter kStrings[] = {plain("list", kListOfString)};
constexpr Parameter kSequences = any("seqs");
constexpr Parameter kContains[] = {plain("list"), nullable(plain("value"))};
constexpr Parameter kDistinct[] = {plain("list", kListOfAny)};
constexpr Parameter kElement[] = {any("list"), any("index", kNumberType)};
constexpr Parameter kAnyList[] = {any("list")};
constexpr Parameter kIndex[] = {plain("list"), plain("value")};
constexpr Parameter kMap[] = {any("inputMap")};
constexpr Parameter kValue[] = {any("value")};
constexpr Parameter kLookup[] = {any("inputMap"), any("key", kStringType)};
constexpr Parameter kDefault = nullable(any("default"));
constexpr Parameter kMatch[] = {plain("values", kListOfAny), plain("keys", kListOfAny), plain("searchset", kListOfAny)};
constexpr Parameter kMaps = nullable(any("maps"));
constexpr Parameter kOne[] = {plain("list")};
constexpr Parameter kLimits = plain("params", kNumberType);
constexpr Parameter kFirstSet[] = {plain("first_set", kSetOfAny)};
constexpr Parameter kOtherSets = plain("other_sets", kSetOfAny);
constexpr Parameter kTwoSets[] = {plain("a", kSetOfAny), plain("b", kSetOfAny)};
constexpr Parameter kSets = any("sets");
constexpr Parameter kSlice[] = {any("list"), plain("start_index", kNumberType), plain("end_index", kNumberType)};
constexpr Parameter kTranspose[] = {plain("values", kMapOfListOfString)};
constexpr Parameter kMapping[] = {any("mapping")};
constexpr Parameter kZip[] = {any("keys", kListOfString), any("values")};

constexpr Builtin kTable[] = {
    {.name = "alltrue", .parameters = kBools, .result = &kBoolType, .call = &alltrue},
    {.name = "anytrue", .parameters = kBools, .result = &kBoolType, .call = &anytrue},
    {.name = "chunklist", .parameters = kChunk, .call = &chunklist},
    {.name = "coalesce", .parameters = {}, .variadic = &kValues, .call = &coalesce},
    {.name = "coalescelist", .parameters = {}, .variadic = &kValues, .call = &coalescelist},
    {.name = "compact", .parameters = kStrings, .result = &kListOfString, .call = &compact},
    {.name = "concat", .parameters = {}, .variadic = &kSequences, .call = &concat},
    {.name = "contains", .parameters = kContains, .result = &kBoolType, .call = &contains},
    {.name = "distinct", .parameters = kDistinct, .call = &distinct},
    {.name = "element", .parameters = kElement, .call = &element},
    {.name = "flatten", .parameters = kAnyList, .call = &flatten},
    {.name = "index", .parameters = kIndex, .result = &kNumberType, .call = &index_of},
    {.name = "keys", .parameters = kMap, .call = &keys},
    {.name = "length", .parameters = kValue, .result = &kNumberType, .call = &length},
    {.name = "list", .parameters = {}, .variadic = &kValues, .call = &list_removed},
    {.name = "lookup", .parameters = kLookup, .variadic = &kDefault, .call = &lookup},
    {.name = "map", .parameters = {}, .variadic = &kValues, .call = &map_removed},
    {.name = "matchkeys", .parameters = kMatch, .call = &matchkeys},
    {.name = "merge", .parameters = {}, .variadic = &kMaps, .call = &merge},
    {.name = "one", .parameters = kOne, .call = &one},
    {.name = "range", .parameters = {}, .variadic = &kLimits, .result = &kListOfNumber, .call = &range},
    {.name = "reverse", .parameters = kAnyList, .call = &reverse},
    {.name = "setintersection", .parameters = kFirstSet, .variadic = &kOtherSets, .call = &setintersection},
    {.name = "setproduct", .parameters = {}, .variadic = &kSets, .call = &setproduct},
    {.name = "setsubtract", .parameters = kTwoSets, .call = &setsubtract},
    {.name = "setunion", .parameters = kFirstSet, .variadic = &kOtherSets, .call = &setunion},
    {.name = "slice", .parameters = kSlice, .call = &slice},
    {.name = "sort", .parameters = kStrings, .result = &kListOfString, .call = &sort},
    {.name = "sum", .parameters = kOne, .result = &kNumberType, .call = &sum},
    {.name = "transpose", .parameters = kTranspose, .result = &kMapOfListOfString, .call = &transpose},
    {.name = "values", .parameters = kMapping, .call = &values},
    {.name = "zipmap", .parameters = kZip, .call = &zipmap},
};

}  // namespace
}  // namespace functions

std::span<const Builtin> collection_functions() {
  return functions::kTable;
}

}  // namespace gabion::eval
