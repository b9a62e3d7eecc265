package rpc

import "testing"

func TestPrintable(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"":                                  "",
		"快照 s-1, it's \"fine\" – é😀":        "快照 s-1, it's \"fine\" – é😀",
		"two\nlines":                        "two\nlines",
		"a\tb\r\nc":                         "a b \nc",
		"\x1b[2J\x1b]0;title\x07":           "\ufffd[2J\ufffd]0;title\ufffd",
		"nul\x00, del\x7f, csi\u009b":       "nul\ufffd, del\ufffd, csi\ufffd",
		"s-1\u202egpj.exe\u202c":            "s-1\ufffdgpj.exe\ufffd",
		"\u2066a\u2067b\u2068c\u2069":       "\ufffda\ufffdb\ufffdc\ufffd",
		"\u200ba\u200db\u200ec\u200f\u061c": "\ufffda\ufffdb\ufffdc\ufffd\ufffd",
		"\ufeffa\u00adb\u2060c":             "\ufffda\ufffdb\ufffdc",
		"a\u2028b\u2029c\u0085d":            "a\ufffdb\ufffdc\ufffdd",
		"\U000e0041":                        "\ufffd",
		"a\xffb":                            "a\ufffdb",
	} {
		if got := Printable(text); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}
