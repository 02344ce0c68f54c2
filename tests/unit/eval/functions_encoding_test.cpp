#include <gtest/gtest.h>

#include "unit/eval/functions_table.h"

namespace gabion::eval::testing {
namespace {

TEST(EncodingFunctions, Base64AndText) {
  constexpr Row kRows[] = {
      {R"(base64encode("hello"))", R"("aGVsbG8=")"},
      {R"(base64encode(""))", R"("")"},
      {R"(base64decode("aGVsbG8="))", R"("hello")"},
      {R"(base64decode("aGVs\nbG8="))", R"("hello")"},
      {R"(base64decode("aGVsbG8"))", "error"},
      {R"(base64decode("/w=="))", "error: not valid UTF-8"},
      {R"(base64decode("===="))", "error"},
      {R"(base64gzip("a"))", R"({"$unknown":"string"})"},
      {R"(textencodebase64("hé", "UTF-16LE"))", R"("aADpAA==")"},
      {R"(textencodebase64("hé", "utf-16"))", R"("/v8AaADp")"},
      {R"(textencodebase64("😀", "utf-16le"))", R"("PdgA3g==")"},
      {R"(textencodebase64("€", "windows-1252"))", R"("gA==")"},
      {R"(textencodebase64("é", "us-ascii"))", "error"},
      {R"(textencodebase64("h", "nope"))", "error: not a supported"},
      {R"(textencodebase64("h", "koi8-r"))", R"("aA==")"},
      {R"(textencodebase64("é", "koi8-r"))", "error: does not have"},
      {R"(textencodebase64("Жук", "KOI8-R"))", R"("9tXL")"},
      {R"(textencodebase64("ž", " windows-1250\n"))", R"("ng==")"},
      {R"(textencodebase64("ž", "latin2 l2"))", "error: not a supported"},
      {R"(textencodebase64("¥", "Shift_JIS"))", R"({"$unknown":"string"})"},
      {R"(textencodebase64("a", "shift_jis"))", R"("YQ==")"},
      {R"(textdecodebase64("G2g=", "iso-2022-jp"))", R"({"$unknown":"string"})"},
      {R"(textdecodebase64("aADpAA==", "UTF-16LE"))", R"("hé")"},
      {R"(textdecodebase64("2AA=", "utf-16be"))", "error"},
      {R"(textdecodebase64("yPA=", "cp037"))", R"("H0")"},
      {R"(textdecodebase64("gJ8=", "macintosh"))", R"("Äü")"},
      {R"(textdecodebase64("oQ==", "iso_8859-6:1987"))", "error: not defined for the encoding"},
      {R"(textdecodebase64("1Q==", "pc-multilingual-850+euro"))", R"("€")"},
      {R"(urlencode("a b+c/é~"))", R"("a+b%2Bc%2F%C3%A9~")"},
  };
  expect_rows(kRows);
}

TEST(EncodingFunctions, Csv) {
  constexpr Row kRows[] = {
      {R"(csvdecode("a,b\n1,\"x \"\"y\"\"\"\n\n2,\"p\nq\"\r\n"))", R"([{"a":"1","b":"x \"y\""},{"a":"2","b":"p\nq"}])"},
      {R"(csvdecode("a,b"))", "[]"},
      {R"(csvdecode(""))", "error: missing header"},
      {R"(csvdecode("a,a\n1,2"))", "error: duplicate column"},
      {R"(csvdecode("a,b\n1"))", "error: wrong number of fields"},
      {R"(csvdecode("a\nx\"y"))", "error: line 2"},
      {R"(csvdecode("a\n\"x"))", "error: line 2"},
  };
  expect_rows(kRows);
}

TEST(EncodingFunctions, Json) {
  constexpr Row kRows[] = {
      {R"(jsondecode("{\"a\":[1,true,null,\"\\u00e9\"]}"))", R"({"a":[1,true,null,"é"]})"},
      {R"(jsondecode("{\"a\":1,\"a\":2}"))", R"({"a":2})"},
      {R"(jsondecode("123456789012345678901234567890"))", "123456789012345678901234567890"},
      {R"(jsondecode("\"\\ud800\""))", "\"\xEF\xBF\xBD\""},
      {R"(jsondecode("[1,]"))", "error"},
      {R"(jsondecode("1 2"))", "error"},
      {R"(jsondecode(""))", "error"},
      {R"(jsonencode({b = [1, "<a>"], a = null}))", R"("{\"a\":null,\"b\":[1,\"\\u003ca\\u003e\"]}")"},
  };
  expect_rows(kRows);
}

TEST(EncodingFunctions, JsonOfUnknownText) {
  Workbench bench;
  bench.bind_unknown("x", "string", true);
  bench.bind_unknown("list", "list(string)", true);
  constexpr Row kRows[] = {
      {R"(jsondecode(jsonencode({a = x, b = [1]})))", R"({"a":{"$unknown":"string"},"b":[1]})"},
      {R"(jsondecode("{\"a\": \"${x}/*\", \"b\": 2}").b)", "2"},
      {R"(endswith(jsondecode("{\"a\": \"${x}/*\"}").a, "/*"))", "true"},
      {R"(jsondecode("[1, ${x}]")[0])", "1"},
      {R"(jsondecode("[1, ${jsonencode(list)}]")[1])", R"~({"$unknown":"list(string)"})~"},
      {R"(jsondecode("{\"${x}\": 1}"))", R"({"$unknown":"any"})"},
      {R"(jsondecode(x))", R"({"$unknown":"any"})"},
      {R"(jsondecode("%${x}"))", "error"},
  };
  expect_rows(bench, kRows);
}

TEST(EncodingFunctions, YamlDecode) {
  constexpr Row kRows[] = {
      {R"(yamldecode("a: 1\nb: [x, 'y', 0x1F, 0o17, 010, 1_000, 1.5]\nc: ~\nd: 2020-01-02\ne: yes\n"))",
       R"({"a":1,"b":["x","y",31,15,10,"1_000",1.5],"c":null,"d":"2020-01-02T00:00:00Z","e":true})"},
      {R"(yamldecode("- &x {a: 1}\n- *x\n- <<: *x\n  b: 2"))", R"([{"a":1},{"a":1},{"a":1,"b":2}])"},
      {R"(yamldecode("|\n  a\n  b\n"))", R"("a\nb\n")"},
      {R"(yamldecode("!!str 12"))", R"("12")"},
      {R"(yamldecode("1: a\ntrue: b"))", R"({"1":"a","true":"b"})"},
      {R"(yamldecode("\"null\""))", R"("null")"},
      {R"(yamldecode("---"))", "null"},
      {R"(yamldecode("[.inf, -.inf]"))", "[1e99999,-1e99999]"},
      {R"(yamldecode(".nan"))", "error: NaN"},
      {R"(yamldecode(""))", "error"},
      {R"(yamldecode("a: b: c"))", "error"},
      {R"(yamldecode("a: 1\n---\nb: 2"))", "error: single document"},
      {R"(yamldecode("~: 1"))", "error"},
      {R"(yamldecode("[a]: 1"))", "error"},
      {R"(yamldecode("&x [*x]"))", "error"},
      {R"(yamldecode("!custom x"))", "error: unsupported tag"},
      {R"(yamldecode("<<: 1"))", "error: cannot merge"},
      // Ends of lines in YAML 1.1 only: nothing is said rather than something else than Terraform says.
      {R"(yamldecode("a\u2029\nb"))", R"({"$unknown":"any"})"},
      {R"(yamldecode("a: \u2028"))", R"({"$unknown":"any"})"},
      {R"(yamldecode("\u0085a"))", R"({"$unknown":"any"})"},
  };
  expect_rows(kRows);
}

TEST(EncodingFunctions, YamlAliasesDoNotExplode) {
  std::string text = "a0: &a0 [x]\\n";
  for (int i = 1; i < 30; ++i) {
    const std::string before = "*a" + std::to_string(i - 1);
    text += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [" + before + ", " + before + "]\\n";
  }
  Workbench bench;
  EXPECT_TRUE(bench.json("yamldecode(\"" + text + "\")").starts_with("error: "));
}

TEST(EncodingFunctions, YamlEncode) {
  constexpr Row kRows[] = {
      {R"(yamlencode({a = 1, b = [1, {c = "x"}], d = {}, e = [], f = "m\nn\n", g = null, h = true}))",
       R"("\"a\": 1\n\"b\":\n- 1\n- \"c\": \"x\"\n\"d\": {}\n\"e\": []\n\"f\": |\n  m\n  n\n\"g\": null\n\"h\": true\n")"},
      {R"(yamlencode([[[1]], {a = [{b = 1}]}]))", R"("- - - 1\n- \"a\":\n  - \"b\": 1\n")"},
      {R"(yamlencode("a"))", R"("\"a\"\n")"},
      {R"(yamlencode(1))", R"("1\n...\n")"},
      {R"(yamlencode("a\n\n"))", R"("|+\n  a\n\n")"},
      {R"(yamlencode("  x\ny"))", R"("|2-\n    x\n  y\n")"},
      {R"(yamlencode("a\tb\nc"))", R"("\"a\\tb\\nc\"\n")"},
      {R"(yamlencode({"k\ny" = "v"}))", R"("? |-\n  k\n  y\n: \"v\"\n")"},
      {R"(yamlencode("é😀"))", R"("\"é\\U0001F600\"\n")"},
      {R"(yamlencode(["aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb cccc dddd"]))",
       R"("- \"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb\n  cccc dddd\"\n")"},
  };
  expect_rows(kRows);
}

TEST(HashFunctions, Values) {
  constexpr Row kRows[] = {
      {R"(md5("test"))", R"("098f6bcd4621d373cade4e832627b4f6")"},
      {R"(sha1("test"))", R"("a94a8fe5ccb19ba61c4c0873d391e987982fbbd3")"},
      {R"(sha256(""))", R"("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")"},
      {R"(substr(sha512("test"), 0, 16))", R"("ee26b0dd4af7e749")"},
      {R"(base64sha256("test"))", R"("n4bQgYhMfWWaL+qgxVrQFaO/TxsrC4Is0V1sFbDwCgg=")"},
      {R"(length(base64sha512("test")))", "88"},
      {R"(uuidv5("dns", "www.example.com"))", R"("2ed6657d-e927-568b-95e1-2665a8aea6a2")"},
      {R"(uuidv5("6ba7b810-9dad-11d1-80b4-00c04fd430c8", "www.example.com") == uuidv5("dns", "www.example.com"))",
       "true"},
      {R"(uuidv5("nope", "x"))", "error"},
      {R"(bcrypt("x"))", R"({"$unknown":"string"})"},
      {R"(uuid())", R"({"$unknown":"string"})"},
      {R"(uuid() == uuid())", R"({"$unknown":"bool"})"},
      {R"(timestamp() == timestamp())", "true"},
      {R"(rsadecrypt("bad!", "x"))", "error"},
      {R"(rsadecrypt("YQ==", "no key"))", "error: invalid private key"},
  };
  expect_rows(kRows);
}

}  // namespace
}  // namespace gabion::eval::testing
