// External scanner of the terraform grammar: brackets, templates, heredocs and the line ends that count.
//
// What a character means depends on the brackets and templates around it only, so the scanner keeps them on a small
// stack and hardly looks at what the parser expects. That keeps it right while the parser recovers from errors, and
// lets it say where something was never closed: a quoted string ends with its line at the latest, an assignment cannot
// begin inside of parentheses, a top-level block cannot begin inside of another one, and nothing stays open at the end.
//
// The stack is bounded: what is nested deeper is passed over. All work is linear in the input: looking ahead stops at
// the end of the next word.

#include <string.h>
#include <tree_sitter/parser.h>

enum Token {
  NEWLINE,
  OPEN_PAREN,
  CLOSE_PAREN,
  OPEN_BRACKET,
  CLOSE_BRACKET,
  OPEN_BRACE,
  CLOSE_BRACE,
  OPEN_QUOTE,
  CLOSE_QUOTE,
  TEMPLATE_TEXT,
  OPEN_INTERPOLATION,
  OPEN_DIRECTIVE,
  CLOSE_SEQUENCE,
  HEREDOC_START,
  HEREDOC_END,
  UNCLOSED,
  ABSENT,
  MISPLACED_NEWLINE,
  GARBAGE,
  NEVER,
};

enum FrameKind {
  BRACE,      // block or object: line ends count
  FOR_BRACE,  // { for ... }: they do not
  PAREN,
  BRACKET,
  SEQUENCE,  // ${ ... } or %{ ... }
  QUOTE,
  HEREDOC,
};

// What the line that begins here proves about the frames that are still open.
enum Unwinding {
  NONE,
  TO_BRACE,  // it assigns: parentheses, brackets and sequences are unclosed
  TO_FILE,   // it begins a top-level block: everything is unclosed
};

// 100 frames and 4 heredocs: people do not pass 40, and each token keeps a copy of the state.
enum { MAX_FRAMES = 100, MAX_HEREDOCS = 4 };

typedef struct {
  uint32_t hash;          // of the marker
  uint8_t at_line_start;  // nothing but white space precedes in this line
} Heredoc;

typedef struct {
  uint8_t depth;
  uint8_t heredoc_count;
  uint8_t unwinding;
  uint8_t frames[MAX_FRAMES];
  Heredoc heredocs[MAX_HEREDOCS];
} Scanner;

static int32_t top(const Scanner* scanner) {
  return scanner->depth > 0 ? scanner->frames[scanner->depth - 1] : -1;
}

static bool push(Scanner* scanner, enum FrameKind kind) {
  if (scanner->depth == MAX_FRAMES) {
    return false;
  }
  scanner->frames[scanner->depth++] = (uint8_t)kind;
  return true;
}

static void pop(Scanner* scanner) {
  if (scanner->depth > 0 && scanner->frames[--scanner->depth] == HEREDOC) {
    scanner->heredoc_count--;
  }
}

static bool is_free(int32_t kind) {
  return kind == PAREN || kind == BRACKET || kind == SEQUENCE || kind == FOR_BRACE;
}

// The characters of identifiers, as far as looking ahead needs them.
static bool is_word_start(int32_t c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c > 0x7f;
}
static bool is_word(int32_t c) {
  return is_word_start(c) || (c >= '0' && c <= '9') || c == '-';
}
static bool is_blank(int32_t c) {
  return c == ' ' || c == '\t';
}

static void advance(TSLexer* lexer) {
  lexer->advance(lexer, false);
}
static void skip(TSLexer* lexer) {
  lexer->advance(lexer, true);
}

static bool emit(Scanner* scanner, TSLexer* lexer, enum Token token) {
  scanner->unwinding = NONE;
  lexer->result_symbol = (TSSymbol)token;
  return true;
}

static bool emit_unclosed(Scanner* scanner, TSLexer* lexer) {
  pop(scanner);
  lexer->result_symbol = UNCLOSED;
  return true;
}

static const uint32_t kHashStart = 0x811c9dc5u;
static uint32_t hash_step(uint32_t hash, int32_t c) {
  return (hash ^ (uint32_t)c) * 0x01000193u;
}

// True for a line end, which is then consumed.
static bool advance_newline(TSLexer* lexer) {
  if (lexer->lookahead == '\r') {
    advance(lexer);
  }
  if (lexer->lookahead != '\n') {
    return false;
  }
  advance(lexer);
  return true;
}

// Looks at the first word of a line and what follows it. A top-level block counts at the start of a line only.
static enum Unwinding judge_line(TSLexer* lexer, bool at_line_start) {
  static const char* const kBlocks[] = {"resource", "data",     "variable", "output",
                                        "module",   "provider", "locals",   "terraform"};
  enum { BLOCKS = 8, WITHOUT_LABEL = 6, LONGEST = 9 };
  if (!is_word_start(lexer->lookahead)) {
    return NONE;
  }
  char word[LONGEST + 1];
  unsigned length = 0;
  while (is_word(lexer->lookahead)) {
    if (length <= LONGEST) {
      word[length < LONGEST ? length : LONGEST] = (char)(lexer->lookahead < 0x80 ? lexer->lookahead : '?');
      length++;
    }
    advance(lexer);
  }
  while (is_blank(lexer->lookahead)) {
    advance(lexer);
  }
  if (lexer->lookahead == '=') {
    advance(lexer);
    return lexer->lookahead == '=' || lexer->lookahead == '>' ? NONE : TO_BRACE;
  }
  if (at_line_start && length <= LONGEST) {
    for (unsigned i = 0; i < BLOCKS; ++i) {
      const bool labelled = lexer->lookahead == '"' || is_word_start(lexer->lookahead);
      if (strlen(kBlocks[i]) == length && memcmp(kBlocks[i], word, length) == 0 &&
          (i < WITHOUT_LABEL ? labelled : lexer->lookahead == '{')) {
        return TO_FILE;
      }
    }
  }
  return NONE;
}

// After '{': is this a for expression? Names and comments are looked at, not consumed.
static bool for_follows(TSLexer* lexer) {
  for (;;) {
    while (is_blank(lexer->lookahead) || lexer->lookahead == '\r' || lexer->lookahead == '\n') {
      advance(lexer);
    }
    if (lexer->lookahead == '/') {
      advance(lexer);
      if (lexer->lookahead == '*') {
        advance(lexer);
        for (int32_t before = 0; before != '*' || lexer->lookahead != '/'; advance(lexer)) {
          if (lexer->eof(lexer)) {
            return false;
          }
          before = lexer->lookahead;
        }
        advance(lexer);
        continue;
      }
      if (lexer->lookahead != '/') {
        return false;
      }
    } else if (lexer->lookahead != '#') {
      break;
    }
    while (lexer->lookahead != '\n' && !lexer->eof(lexer)) {
      advance(lexer);
    }
  }
  for (const char* expected = "for"; *expected != 0; ++expected) {
    if (lexer->lookahead != *expected) {
      return false;
    }
    advance(lexer);
  }
  if (!is_blank(lexer->lookahead) && lexer->lookahead != '\r' && lexer->lookahead != '\n') {
    return false;
  }
  while (is_blank(lexer->lookahead) || lexer->lookahead == '\r' || lexer->lookahead == '\n') {
    advance(lexer);
  }
  // An attribute or a block of that name goes on with '=', '{' or '"'.
  return is_word_start(lexer->lookahead);
}

// An opening token. Where the stack is full, everything up to the next top-level block is passed over instead.
static bool emit_open(Scanner* scanner, TSLexer* lexer, enum Token token, enum FrameKind kind) {
  if (push(scanner, kind)) {
    return emit(scanner, lexer, token);
  }
  do {
    while (lexer->lookahead != '\n' && !lexer->eof(lexer)) {
      advance(lexer);
    }
    if (lexer->lookahead == '\n') {
      advance(lexer);
    }
    lexer->mark_end(lexer);
  } while (!lexer->eof(lexer) && judge_line(lexer, true) != TO_FILE);
  scanner->unwinding = TO_FILE;
  return emit_unclosed(scanner, lexer);
}

// "<<" or "<<-", a marker and a line end.
static bool scan_heredoc_start(Scanner* scanner, TSLexer* lexer) {
  advance(lexer);
  if (lexer->lookahead != '<') {
    return false;
  }
  advance(lexer);
  if (lexer->lookahead == '-') {
    advance(lexer);
  }
  if (!is_word_start(lexer->lookahead)) {
    return false;
  }
  uint32_t hash = kHashStart;
  while (is_word(lexer->lookahead)) {
    hash = hash_step(hash, lexer->lookahead);
    advance(lexer);
  }
  if (!advance_newline(lexer) || scanner->heredoc_count == MAX_HEREDOCS || !push(scanner, HEREDOC)) {
    return false;
  }
  scanner->heredocs[scanner->heredoc_count++] = (Heredoc){hash, true};
  lexer->mark_end(lexer);
  return emit(scanner, lexer, HEREDOC_START);
}

// The opening of a sequence at '$' or '%', or text. A run of markers before '{' escapes it, a single one does not.
// Text so far ends at the last mark_end when a sequence follows (`*opens`).
static void scan_marker(TSLexer* lexer, bool* opens) {
  const int32_t marker = lexer->lookahead;
  lexer->mark_end(lexer);
  unsigned count = 0;
  while (lexer->lookahead == marker) {
    advance(lexer);
    count++;
  }
  *opens = false;
  if (lexer->lookahead == '{') {
    *opens = count == 1;
    advance(lexer);
  }
}

// The rest of "${" or "%{".
static bool open_sequence(Scanner* scanner, TSLexer* lexer, enum Token token) {
  if (lexer->lookahead == '~') {
    advance(lexer);
  }
  lexer->mark_end(lexer);
  return emit_open(scanner, lexer, token, SEQUENCE);
}

static bool scan_quote(Scanner* scanner, TSLexer* lexer) {
  lexer->mark_end(lexer);
  if (lexer->lookahead == '"') {
    advance(lexer);
    lexer->mark_end(lexer);
    pop(scanner);
    return emit(scanner, lexer, CLOSE_QUOTE);
  }
  for (bool text = false;; text = true) {
    const int32_t c = lexer->lookahead;
    if (c == '"' || c == '\n' || (c == 0 && lexer->eof(lexer))) {
      lexer->mark_end(lexer);
      return text ? emit(scanner, lexer, TEMPLATE_TEXT) : emit_unclosed(scanner, lexer);
    }
    if (c == '$' || c == '%') {
      bool opens = false;
      scan_marker(lexer, &opens);
      if (opens) {
        return text ? emit(scanner, lexer, TEMPLATE_TEXT)
                    : open_sequence(scanner, lexer, c == '$' ? OPEN_INTERPOLATION : OPEN_DIRECTIVE);
      }
      continue;
    }
    if (c == '\r') {
      // Part of the line end, or else (wrongly) of the string.
      lexer->mark_end(lexer);
      advance(lexer);
      if (lexer->lookahead == '\n') {
        return text ? emit(scanner, lexer, TEMPLATE_TEXT) : emit_unclosed(scanner, lexer);
      }
      continue;
    }
    advance(lexer);
    if (c == '\\' && lexer->lookahead != '\n' && lexer->lookahead != '\r' && !lexer->eof(lexer)) {
      advance(lexer);
    }
  }
}

static bool scan_heredoc(Scanner* scanner, TSLexer* lexer) {
  Heredoc* const heredoc = &scanner->heredocs[scanner->heredoc_count - 1];
  lexer->mark_end(lexer);
  bool text = false;
  for (;;) {
    if (heredoc->at_line_start) {
      heredoc->at_line_start = false;
      lexer->mark_end(lexer);
      bool any = false;
      for (; is_blank(lexer->lookahead); any = true) {
        advance(lexer);
      }
      uint32_t hash = kHashStart;
      for (; is_word(lexer->lookahead); any = true) {
        hash = hash_step(hash, lexer->lookahead);
        advance(lexer);
      }
      if (hash == heredoc->hash) {
        // Text before the marker's line is a token of its own. The line end stays: it ends the attribute.
        if (!text) {
          lexer->mark_end(lexer);
        }
        while (is_blank(lexer->lookahead)) {
          advance(lexer);
        }
        if (advance_newline(lexer)) {
          heredoc->at_line_start = true;
          if (!text) {
            pop(scanner);
          }
          return emit(scanner, lexer, text ? TEMPLATE_TEXT : HEREDOC_END);
        }
      }
      text = text || any;
    }
    const int32_t c = lexer->lookahead;
    if (c == 0 && lexer->eof(lexer)) {
      lexer->mark_end(lexer);
      return text ? emit(scanner, lexer, TEMPLATE_TEXT) : emit_unclosed(scanner, lexer);
    }
    if (c == '$' || c == '%') {
      bool opens = false;
      scan_marker(lexer, &opens);
      if (opens) {
        return text ? emit(scanner, lexer, TEMPLATE_TEXT)
                    : open_sequence(scanner, lexer, c == '$' ? OPEN_INTERPOLATION : OPEN_DIRECTIVE);
      }
    } else {
      advance(lexer);
      heredoc->at_line_start = c == '\n';
    }
    text = true;
  }
}

// A closing bracket of `kind`. Frames that it proves unclosed are closed first, one a call; a bracket that closes
// nothing is a token all the same and leaves the stack alone.
static bool scan_close(Scanner* scanner, TSLexer* lexer, int32_t kind, enum Token token) {
  unsigned at = scanner->depth;
  while (at > 0) {
    const int32_t open = scanner->frames[at - 1];
    if (open == kind || (kind == BRACE && (open == FOR_BRACE || open == SEQUENCE))) {
      break;
    }
    at = open == PAREN || open == BRACKET ? at - 1 : 0;
  }
  if (at != 0 && at < scanner->depth) {
    scanner->unwinding = NONE;
    return emit_unclosed(scanner, lexer);
  }
  const bool sequence = top(scanner) == SEQUENCE;
  advance(lexer);
  lexer->mark_end(lexer);
  if (at == 0) {
    return emit(scanner, lexer, token);
  }
  pop(scanner);
  return emit(scanner, lexer, kind == BRACE && sequence ? CLOSE_SEQUENCE : token);
}

// At a line end that counts: between items, or where something is missing.
static bool scan_newline(Scanner* scanner, TSLexer* lexer, const bool* valid, bool recovering) {
  const bool header = !recovering && valid[MISPLACED_NEWLINE];
  if (!recovering && valid[ABSENT] && !header) {
    return emit(scanner, lexer, ABSENT);
  }
  // A header's mark stays before the line end unless a brace follows.
  bool any = false;
  bool at_line_start = false;
  for (;;) {
    if (lexer->lookahead == '\n' || lexer->lookahead == '\r') {
      if (!advance_newline(lexer)) {
        break;
      }
      any = true;
      if (!header) {
        lexer->mark_end(lexer);
      }
      at_line_start = true;
    } else if (is_blank(lexer->lookahead)) {
      advance(lexer);
      at_line_start = false;
    } else {
      break;
    }
  }
  if (!any) {
    return false;
  }
  if (header) {
    if (lexer->lookahead != '{') {
      return emit(scanner, lexer, ABSENT);
    }
    lexer->mark_end(lexer);
    return emit(scanner, lexer, MISPLACED_NEWLINE);
  }
  const bool unwind = scanner->depth > 0 && at_line_start && judge_line(lexer, true) == TO_FILE;
  emit(scanner, lexer, NEWLINE);
  scanner->unwinding = unwind ? TO_FILE : NONE;
  return true;
}

// At a line that proves frames unclosed: closes one of them, or ends the item before it.
static bool scan_unwinding(Scanner* scanner, TSLexer* lexer) {
  lexer->mark_end(lexer);
  if (scanner->depth > 0 && (scanner->unwinding == TO_FILE || top(scanner) != BRACE)) {
    return emit_unclosed(scanner, lexer);
  }
  return emit(scanner, lexer, NEWLINE);
}

// The rest of a quoted string, or of its line.
static void pass_string(TSLexer* lexer) {
  while (lexer->lookahead != '"' && lexer->lookahead != '\n' && !lexer->eof(lexer)) {
    if (lexer->lookahead == '\\') {
      advance(lexer);
      if (lexer->lookahead == '\n') {
        return;
      }
    }
    advance(lexer);
  }
  if (lexer->lookahead == '"') {
    advance(lexer);
  }
}

// Text that fits nowhere, up to the end of the line: the parser may come back to one place after every token that it
// knows and wrap up what it skipped, so that many of them would take quadratic time. Brackets that the line does not
// close, comments, heredocs and closing brackets of others stay tokens. `first` is what has been consumed already: a
// bracket, a quote, or something else (0 for nothing). False when nothing can be passed over.
static bool scan_garbage(Scanner* scanner, TSLexer* lexer, int32_t first) {
  unsigned depth = first == '(' || first == '[' || first == '{' ? 1 : 0;
  bool any = first != 0;
  bool marked = false;
  if (first == '"') {
    pass_string(lexer);
  }
  for (;; any = true) {
    const int32_t c = lexer->lookahead;
    if (depth == 0) {
      lexer->mark_end(lexer);
      marked = any;
    }
    if (c == '\n' || c == '\r' || c == '#' || (c == 0 && lexer->eof(lexer))) {
      break;
    }
    if (c == ')' || c == ']' || c == '}') {
      if (depth == 0) {
        break;
      }
      depth--;
    } else if (c == '(' || c == '[' || c == '{') {
      depth++;
    }
    advance(lexer);
    if (c == '"') {
      pass_string(lexer);
    } else if ((c == '/' && (lexer->lookahead == '/' || lexer->lookahead == '*')) ||
               (c == '<' && lexer->lookahead == '<')) {
      break;
    }
  }
  return marked && emit(scanner, lexer, GARBAGE);
}

// "name =", "name {" or "name \"" begins here; words are consumed.
static bool item_follows(TSLexer* lexer) {
  while (is_word(lexer->lookahead)) {
    advance(lexer);
  }
  while (is_blank(lexer->lookahead)) {
    advance(lexer);
  }
  return lexer->lookahead == '=' || lexer->lookahead == '{' || lexer->lookahead == '"';
}

static bool scan_main(Scanner* scanner, TSLexer* lexer, const bool* valid, bool recovering) {
  lexer->mark_end(lexer);
  const bool free_newlines = is_free(top(scanner));
  bool new_line = false;
  bool at_line_start = false;
  for (;; skip(lexer)) {
    if (free_newlines && lexer->lookahead == '\n') {
      new_line = true;
      at_line_start = true;
    } else if (is_blank(lexer->lookahead) || (free_newlines && lexer->lookahead == '\r')) {
      at_line_start = false;
    } else {
      break;
    }
  }
  if (new_line && is_word_start(lexer->lookahead)) {
    // A word is no token of the scanner: nothing is lost by looking past it.
    const enum Unwinding unwinding = judge_line(lexer, at_line_start);
    scanner->unwinding = (uint8_t)unwinding;
    return unwinding != NONE ? emit_unclosed(scanner, lexer) : recovering && scan_garbage(scanner, lexer, 'w');
  }
  const int32_t c = lexer->lookahead;
  switch (c) {
    case '\r':
    case '\n':
      return scan_newline(scanner, lexer, valid, recovering);
    case ',':
      return !recovering && valid[ABSENT] && emit(scanner, lexer, ABSENT);
    case ')':
    case ']':
    case '}':
      if (!recovering && valid[ABSENT]) {
        return emit(scanner, lexer, ABSENT);
      }
      return c == ')'   ? scan_close(scanner, lexer, PAREN, CLOSE_PAREN)
             : c == ']' ? scan_close(scanner, lexer, BRACKET, CLOSE_BRACKET)
                        : scan_close(scanner, lexer, BRACE, CLOSE_BRACE);
    case '<':
      return scan_heredoc_start(scanner, lexer);
    case '~':
      advance(lexer);
      if (lexer->lookahead != '}' || top(scanner) != SEQUENCE) {
        return false;
      }
      return scan_close(scanner, lexer, BRACE, CLOSE_SEQUENCE);
    case '#':
      return false;
    case '/':
      advance(lexer);
      return recovering && lexer->lookahead != '/' && lexer->lookahead != '*' && scan_garbage(scanner, lexer, c);
    case '(':
    case '[':
    case '{':
    case '"':
      advance(lexer);
      lexer->mark_end(lexer);
      if ((recovering || !valid[c == '('   ? OPEN_PAREN
                                : c == '[' ? OPEN_BRACKET
                                : c == '"' ? OPEN_QUOTE
                                           : OPEN_BRACE]) &&
          scan_garbage(scanner, lexer, c)) {
        return true;
      }
      return c == '('   ? emit_open(scanner, lexer, OPEN_PAREN, PAREN)
             : c == '[' ? emit_open(scanner, lexer, OPEN_BRACKET, BRACKET)
             : c == '"' ? emit_open(scanner, lexer, OPEN_QUOTE, QUOTE)
                        : emit_open(scanner, lexer, OPEN_BRACE, for_follows(lexer) ? FOR_BRACE : BRACE);
    default:
      if (c != 0 || !lexer->eof(lexer)) {
        if (!recovering) {
          return false;
        }
        const bool word = is_word_start(c);
        return !(word && item_follows(lexer)) && scan_garbage(scanner, lexer, word ? c : 0);
      }
      if (!recovering && valid[ABSENT]) {
        return emit(scanner, lexer, ABSENT);
      }
      return scanner->depth > 0 && emit_unclosed(scanner, lexer);
  }
}

void* tree_sitter_terraform_external_scanner_create(void);
void tree_sitter_terraform_external_scanner_destroy(void* payload);
unsigned tree_sitter_terraform_external_scanner_serialize(void* payload, char* buffer);
void tree_sitter_terraform_external_scanner_deserialize(void* payload, const char* buffer, unsigned length);
bool tree_sitter_terraform_external_scanner_scan(void* payload, TSLexer* lexer, const bool* valid);

// The library's own allocator: it does not return without memory, for which the caller of this has no answer.
extern void* (*ts_current_calloc)(size_t count, size_t size);
extern void (*ts_current_free)(void* memory);

void* tree_sitter_terraform_external_scanner_create(void) {
  return ts_current_calloc(1, sizeof(Scanner));
}

void tree_sitter_terraform_external_scanner_destroy(void* payload) {
  ts_current_free(payload);
}

// Layout: unwinding, heredocs, then the frames; nothing at all at the top of a file.
unsigned tree_sitter_terraform_external_scanner_serialize(void* payload, char* buffer) {
  _Static_assert(2 + MAX_HEREDOCS * sizeof(Heredoc) + MAX_FRAMES <= TREE_SITTER_SERIALIZATION_BUFFER_SIZE,
                 "the state always fits");
  const Scanner* const scanner = payload;
  if (scanner->depth == 0 && scanner->unwinding == NONE) {
    return 0;
  }
  unsigned size = 0;
  buffer[size++] = (char)scanner->unwinding;
  buffer[size++] = (char)scanner->heredoc_count;
  memcpy(buffer + size, scanner->heredocs, scanner->heredoc_count * sizeof(Heredoc));
  size += (unsigned)(scanner->heredoc_count * sizeof(Heredoc));
  memcpy(buffer + size, scanner->frames, scanner->depth);
  return size + scanner->depth;
}

void tree_sitter_terraform_external_scanner_deserialize(void* payload, const char* buffer, unsigned length) {
  Scanner* const scanner = payload;
  memset(scanner, 0, sizeof *scanner);
  if (length < 2) {
    return;
  }
  scanner->unwinding = (uint8_t)buffer[0];
  scanner->heredoc_count = (uint8_t)buffer[1];
  const unsigned heredocs = (unsigned)(scanner->heredoc_count * sizeof(Heredoc));
  memcpy(scanner->heredocs, buffer + 2, heredocs);
  scanner->depth = (uint8_t)(length - 2 - heredocs);
  memcpy(scanner->frames, buffer + 2 + heredocs, scanner->depth);
}

bool tree_sitter_terraform_external_scanner_scan(void* payload, TSLexer* lexer, const bool* valid) {
  Scanner* const scanner = payload;
  // While the parser recovers it accepts everything, which no state of the grammar does.
  const bool recovering = valid[NEVER] && valid[NEWLINE] && valid[TEMPLATE_TEXT] && valid[CLOSE_PAREN];
  if (scanner->unwinding != NONE) {
    return scan_unwinding(scanner, lexer);
  }
  switch (top(scanner)) {
    case QUOTE:
      return scan_quote(scanner, lexer);
    case HEREDOC:
      return scan_heredoc(scanner, lexer);
    default:
      return scan_main(scanner, lexer, valid, recovering);
  }
}
