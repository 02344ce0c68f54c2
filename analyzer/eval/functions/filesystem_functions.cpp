// Functions over paths and files. Files are read through the context's FileReader, which decides what may be read;
// what depends on the user's environment (the home and the working directory) is unknown.
#include <optional>
#include <string>
#include <vector>

#include "eval/functions/base64.h"
#include "eval/functions/digest.h"
#include "eval/functions/support.h"
#include "eval/functions/unicode.h"
#include "source/artifact.h"

namespace gabion::eval {

namespace functions {
namespace {

/// The shortest equal path by its text alone: no empty steps, no ".", no ".." behind a name.
std::string clean(std::string_view path) {
  const bool rooted = path.starts_with('/');
  std::vector<std::string_view> steps;
  while (!path.empty()) {
    const std::size_t slash = path.find('/');
    const std::string_view step = path.substr(0, slash);
    path = slash == std::string_view::npos ? std::string_view() : path.substr(slash + 1);
    if (step.empty() || step == ".") {
      continue;
    }
    if (step != "..") {
      steps.push_back(step);
    } else if (!steps.empty() && steps.back() != "..") {
      steps.pop_back();
    } else if (!rooted) {
      steps.push_back(step);
    }
  }
  std::string out = rooted ? "/" : "";
  for (std::size_t i = 0; i < steps.size(); ++i) {
    out += i == 0 ? "" : "/";
    out += steps[i];
  }
  return out.empty() ? "." : out;
}

Value abspath(const Call& call, Context& context) {
  const std::string_view path = call.arguments[0].text();
  return path.starts_with('/') ? text_result(call, clean(path), context) : file_result(call, kStringType, context);
}

Value basename(const Call& call, Context& context) {
  std::string_view path = call.arguments[0].text();
  if (path.empty()) {
    return text_result(call, ".", context);
  }
  const std::size_t last = path.find_last_not_of('/');
  if (last == std::string_view::npos) {
    return text_result(call, "/", context);
  }
  path = path.substr(0, last + 1);
  const std::size_t slash = path.rfind('/');
  return text_result(call, slash == std::string_view::npos ? path : path.substr(slash + 1), context);
}

Value dirname(const Call& call, Context& context) {
  const std::string_view path = call.arguments[0].text();
  const std::size_t slash = path.rfind('/');
  return text_result(call, clean(slash == std::string_view::npos ? std::string_view() : path.substr(0, slash + 1)),
                     context);
}

Value pathexpand(const Call& call, Context& context) {
  const std::string_view path = call.arguments[0].text();
  if (!path.starts_with('~')) {
    return call.arguments[0];
  }
  if (path.size() > 1 && path[1] != '/') {
    return call_error(call, "cannot expand user-specific home dir", context);
  }
  return file_result(call, kStringType, context);
}

/// What a call results in that names a path where nothing may be read.
Value refused_result(const Call& call, const Type& type, Context& context) {
  const bool written = call.syntax != nullptr && !call.syntax->arguments.empty();
  context.files->note_refused(call.arguments[0].text(), written ? call.syntax->arguments[0]->region : call.region);
  return file_result(call, type, context);
}

/// The file of the first argument, or what the call results in instead.
struct Opened {
  const source::Artifact* file = nullptr;
  std::optional<Value> instead;
};

Opened open(const Call& call, const Type& type, Context& context) {
  const std::string_view path = call.arguments[0].text();
  if (context.files == nullptr || path.starts_with('~')) {
    return {nullptr, file_result(call, type, context)};
  }
  const auto file = context.files->read(path);
  if (file) {
    return {*file, std::nullopt};
  }
  // A file that is not there is the author's error; one that may not be read says nothing of its contents.
  switch (context.files->state(path)) {
    case FileState::kAbsent:
      return {nullptr, argument_error(call, 0, "no file exists at " + describe(call.arguments[0]), context)};
    case FileState::kOther:
      return {nullptr, argument_error(call, 0, describe(call.arguments[0]) + " is not a regular file", context)};
    case FileState::kRefused:
      return {nullptr, refused_result(call, type, context)};
    default:
      return {nullptr, file_result(call, type, context)};
  }
}

Value file(const Call& call, Context& context) {
  const Opened opened = open(call, kStringType, context);
  if (opened.instead) {
    return *opened.instead;
  }
  const std::string_view bytes = opened.file->bytes();
  if (!is_valid_utf8(bytes)) {
    return argument_error(call, 0, "contents of " + describe(call.arguments[0]) + " are not valid UTF-8", context);
  }
  // The text knows where it comes from, so that a policy in it can be placed.
  Part part;
  part.text = bytes;
  part.region = opened.file->whole();
  part.exact = true;
  const auto* detail =
      context.arena.make<StringDetail>(StringDetail{.parts = context.arena.copy(std::span<const Part>(&part, 1))});
  const std::string normal = is_ascii(bytes) ? std::string() : normalize(bytes);
  return normal.empty() || normal == bytes ? make_string_view(context.arena, bytes, detail)
                                           : make_string(context.arena, normal);
}

Value filebase64(const Call& call, Context& context) {
  const Opened opened = open(call, kStringType, context);
  return opened.instead ? *opened.instead : text_result(call, base64_encode(opened.file->bytes()), context);
}

template <Digest kKind>
Value file_hash(const Call& call, Context& context) {
  const Opened opened = open(call, kStringType, context);
  return opened.instead ? *opened.instead : text_result(call, to_hex(digest(kKind, opened.file->bytes())), context);
}

template <Digest kKind>
Value file_base64_hash(const Call& call, Context& context) {
  const Opened opened = open(call, kStringType, context);
  return opened.instead ? *opened.instead
                        : text_result(call, base64_encode(digest(kKind, opened.file->bytes())), context);
}

Value fileexists(const Call& call, Context& context) {
  const std::string_view path = call.arguments[0].text();
  if (context.files == nullptr || path.starts_with('~')) {
    return file_result(call, kBoolType, context);
  }
  switch (context.files->state(path)) {
    case FileState::kOther:
      return argument_error(call, 0, describe(call.arguments[0]) + " is not a regular file", context);
    case FileState::kRefused:
      return refused_result(call, kBoolType, context);
    case FileState::kFile:
      return make_bool(true);
    default:
      return make_bool(false);
  }
}

/// Whether every step of a pattern closes the brackets and braces that it opens.
bool is_pattern(std::string_view pattern) {
  std::size_t braces = 0;
  for (std::size_t at = 0; at < pattern.size(); ++at) {
    const char c = pattern[at];
    if (c == '[') {
      // A bracket right after the opening one is a member.
      std::size_t end = at + 1;
      end += end < pattern.size() && (pattern[end] == '^' || pattern[end] == '!') ? 1 : 0;
      for (++end; end < pattern.size() && pattern[end] != ']' && pattern[end] != '/'; ++end) {
        end += pattern[end] == '\\' ? 1 : 0;
      }
      if (end >= pattern.size() || pattern[end] != ']') {
        return false;
      }
      at = end;
    } else if (c == '\\') {
      ++at;
    } else if (c == '/' && braces > 0) {
      return false;
    } else {
      braces += c == '{' ? 1 : 0;
      braces -= c == '}' && braces > 0 ? 1 : 0;
    }
  }
  return braces == 0;
}

Value fileset(const Call& call, Context& context) {
  if (context.files == nullptr || call.arguments[0].text().starts_with('~')) {
    return file_result(call, kSetOfString, context);
  }
  const FileState state = context.files->state(call.arguments[0].text());
  if (state == FileState::kOther && !is_pattern(call.arguments[1].text())) {
    return argument_error(call, 1, "syntax error in the pattern " + describe(call.arguments[1]), context);
  }
  const auto paths = context.files->glob(call.arguments[0].text(), call.arguments[1].text());
  if (!paths) {
    return state == FileState::kRefused ? refused_result(call, kSetOfString, context)
                                        : file_result(call, kSetOfString, context);
  }
  std::vector<Value> names;
  for (const std::string& path : *paths) {
    names.push_back(make_string(context.arena, path));
  }
  return make_set(context.arena, kStringType, names);
}

constexpr Parameter kPath[] = {{.name = "path", .type = &kStringType}};
constexpr Parameter kGlob[] = {{.name = "path", .type = &kStringType}, {.name = "pattern", .type = &kStringType}};

constexpr Builtin kTable[] = {
    {.name = "abspath", .parameters = kPath, .result = &kStringType, .call = &abspath},
    {.name = "basename", .parameters = kPath, .result = &kStringType, .call = &basename},
    {.name = "dirname", .parameters = kPath, .result = &kStringType, .call = &dirname},
    {.name = "file", .parameters = kPath, .result = &kStringType, .call = &file},
    {.name = "filebase64", .parameters = kPath, .result = &kStringType, .call = &filebase64},
    {.name = "filebase64sha256",
     .parameters = kPath,
     .result = &kStringType,
     .call = &file_base64_hash<Digest::kSha256>},
    {.name = "filebase64sha512",
     .parameters = kPath,
     .result = &kStringType,
     .call = &file_base64_hash<Digest::kSha512>},
    {.name = "fileexists", .parameters = kPath, .result = &kBoolType, .call = &fileexists},
    {.name = "filemd5", .parameters = kPath, .result = &kStringType, .call = &file_hash<Digest::kMd5>},
    {.name = "fileset", .parameters = kGlob, .result = &kSetOfString, .call = &fileset},
    {.name = "filesha1", .parameters = kPath, .result = &kStringType, .call = &file_hash<Digest::kSha1>},
    {.name = "filesha256", .parameters = kPath, .result = &kStringType, .call = &file_hash<Digest::kSha256>},
    {.name = "filesha512", .parameters = kPath, .result = &kStringType, .call = &file_hash<Digest::kSha512>},
    {.name = "pathexpand", .parameters = kPath, .result = &kStringType, .call = &pathexpand},
};

}  // namespace
}  // namespace functions

std::span<const Builtin> filesystem_functions() {
  return functions::kTable;
}

}  // namespace gabion::eval
