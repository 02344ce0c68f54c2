// Terraform's native HCL syntax, for telling which parts of a broken file are whole. The scanner (src/scanner.c)
// knows brackets, templates and which line ends count; everything else is here. `unclosed`, `absent` and
// `misplaced_newline` stand for common mistakes: a valid file has none of them.

const open_paren = ($) => alias($._open_paren, '(');
const close_paren = ($) => choice(alias($._close_paren, ')'), $.unclosed);
const open_bracket = ($) => alias($._open_bracket, '[');
const close_bracket = ($) => choice(alias($._close_bracket, ']'), $.unclosed);
const open_brace = ($) => field('open', alias($._open_brace, '{'));
const close_brace = ($) => field('close', choice(alias($._close_brace, '}'), $.unclosed));
const required = ($, rule) => choice(rule, $.absent);
const comma_separated = (rule) => seq(rule, repeat(seq(',', rule)));

const precedence = { conditional: 1, or: 2, and: 3, equality: 4, comparison: 5, sum: 6, product: 7, unary: 8, postfix: 9 };

module.exports = grammar({
  name: 'terraform',

  externals: ($) => [
    $._newline,
    $._open_paren,
    $._close_paren,
    $._open_bracket,
    $._close_bracket,
    $._open_brace,
    $._close_brace,
    $._open_quote,
    $._close_quote,
    $.template_text,
    $._open_interpolation,
    $._open_directive,
    $._close_sequence,
    $.heredoc_start,
    $.heredoc_end,
    $.unclosed,
    $.absent,
    $.misplaced_newline,
    // What means nothing, in one piece: it fits nowhere.
    $._garbage,
    // Never produced. As an extra it is allowed everywhere, so that the scanner is asked before every token and no
    // line end that counts is skipped as white space.
    $._never,
  ],

  extras: ($) => [/[ \t]/, /\r?\n/, $.comment, $._never],
  word: ($) => $.identifier,
  supertypes: ($) => [$._expression],
  inline: ($) => [$._value, $._item, $._row],

  rules: {
    file: ($) => seq(repeat($._row), optional($._item)),
    _row: ($) => choice($._newline, seq($._item, $._newline)),
    _item: ($) => choice($.attribute, $.block),
    attribute: ($) => seq(field('name', $.identifier), '=', field('value', $._value)),
    block: ($) =>
      seq(
        field('type', $.identifier),
        repeat(field('label', choice($.identifier, $.label))),
        // Nothing at all is for error recovery: the scanner lets no line end follow a header directly.
        optional(choice($.absent, seq(optional($.misplaced_newline), field('body', $.body))))
      ),
    label: ($) => seq($._open_quote, repeat($.template_text), choice($._close_quote, $.unclosed)),
    body: ($) =>
      seq(
        open_brace($),
        choice(
          seq(optional($.attribute), close_brace($)),
          seq($._newline, repeat($._row), choice(close_brace($), seq($._item, field('close', $.unclosed))))
        )
      ),

    _value: ($) => required($, $._expression),
    _expression: ($) =>
      choice(
        $.literal,
        $.number,
        $.variable,
        $.template,
        $.heredoc,
        $.tuple,
        $.object,
        $.for_tuple,
        $.for_object,
        $.call,
        $.parentheses,
        $.attribute_access,
        $.index,
        $.splat,
        $.unary,
        $.binary,
        $.conditional
      ),

    literal: () => choice('true', 'false', 'null'),
    number: () => /\d+(\.\d+)?([eE][+-]?\d+)?/,
    variable: ($) => $.identifier,
    parentheses: ($) => seq(open_paren($), $._value, close_paren($)),

    attribute_access: ($) =>
      prec(precedence.postfix, seq($._expression, '.', choice($.identifier, $.number, $.absent))),
    index: ($) => prec(precedence.postfix, seq($._expression, open_bracket($), $._value, close_bracket($))),
    splat: ($) =>
      prec(precedence.postfix, seq($._expression, choice(seq('.', '*'), seq(open_bracket($), '*', close_bracket($))))),

    call: ($) =>
      seq(
        field('name', seq($.identifier, repeat(seq('::', $.identifier)))),
        open_paren($),
        optional(seq(comma_separated($._expression), optional(choice(',', '...')))),
        close_paren($)
      ),

    unary: ($) => prec(precedence.unary, seq(choice('-', '!'), $._value)),
    binary: ($) =>
      choice(
        ...[
          [precedence.or, ['||']],
          [precedence.and, ['&&']],
          [precedence.equality, ['==', '!=']],
          [precedence.comparison, ['<', '<=', '>', '>=']],
          [precedence.sum, ['+', '-']],
          [precedence.product, ['*', '/', '%']],
        ].map(([level, operators]) => prec.left(level, seq($._expression, choice(...operators), $._value)))
      ),
    conditional: ($) => prec.right(precedence.conditional, seq($._expression, '?', $._value, ':', $._value)),

    tuple: ($) => seq(open_bracket($), optional(seq(comma_separated($._expression), optional(','))), close_bracket($)),
    object: ($) =>
      seq(
        open_brace($),
        repeat($._newline),
        repeat(seq($.item, choice(seq(',', repeat($._newline)), repeat1($._newline)))),
        optional($.item),
        close_brace($)
      ),
    item: ($) => seq(field('key', $._expression), choice('=', ':'), field('value', $._value)),
    for_tuple: ($) => seq(open_bracket($), $._for, $._value, optional($._if), close_bracket($)),
    for_object: ($) =>
      seq(open_brace($), $._for, $._expression, '=>', $._value, optional('...'), optional($._if), close_brace($)),
    _for: ($) => seq('for', $._for_variables, ':'),
    _for_variables: ($) => seq($.identifier, optional(seq(',', $.identifier)), 'in', $._value),
    _if: ($) => seq('if', $._value),

    template: ($) => seq($._open_quote, repeat($._part), choice($._close_quote, $.unclosed)),
    heredoc: ($) => seq($.heredoc_start, repeat($._part), choice($.heredoc_end, $.unclosed)),
    _part: ($) => choice($.template_text, $.interpolation, $.template_if, $.template_for),
    interpolation: ($) => seq($._open_interpolation, $._value, choice($._close_sequence, $.unclosed)),
    template_if: ($) =>
      seq($._open_directive, 'if', $._value, $._close_sequence, repeat($._part),
          optional(seq($._open_directive, 'else', $._close_sequence, repeat($._part))),
          $._open_directive, 'endif', $._close_sequence),
    template_for: ($) =>
      seq($._open_directive, 'for', $._for_variables, $._close_sequence, repeat($._part),
          $._open_directive, 'endfor', $._close_sequence),

    // The generator's tables leave the ranges of CJK and Hangul out, which are given by their ends only.
    identifier: () =>
      /[\p{L}\p{Nl}_\u{3400}-\u{4DBF}\u{4E00}-\u{9FFF}\u{AC00}-\u{D7A3}\u{20000}-\u{323AF}][\p{L}\p{Nl}\p{Mn}\p{Mc}\p{Nd}\p{Pc}\u{3400}-\u{4DBF}\u{4E00}-\u{9FFF}\u{AC00}-\u{D7A3}\u{20000}-\u{323AF}-]*/u,
    comment: () => token(choice(/#[^\n]*/, /\/\/[^\n]*/, /\/\*[^*]*\*+([^/*][^*]*\*+)*\//)),
  },
});
