//go:build unix

package credentials

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestSplitCommand(t *testing.T) {
	t.Parallel()
	for command, want := range map[string][]string{
		"get keys":                         {"get", "keys"},
		"  get\tkeys\n":                    {"get", "keys"},
		`"a b" 'c d' e" "f`:                {"a b", "c d", "e f"},
		`get "" ''`:                        {"get", "", ""},
		`"a\"b" 'd\e'`:                     {`a"b`, `d\e`},
		`a\ b \"c\\`:                       {"a b", `"c\`},
		`"a\$\c"`:                          {`a$\c`},
		`C:\tools\get.exe "D:\a b"`:        {"C:toolsget.exe", `D:\a b`},
		"get \\\n keys \"one\\\ntwo\"":     {"get", "keys", "onetwo"},
		"get $HOME `x` *.json ~/a;b >&2 #": {"get", "$HOME", "`x`", "*.json", "~/a;b", ">&2", "#"},
	} {
		args, err := splitCommand(command)
		if diff := cmp.Diff(want, args); diff != "" || err != nil {
			t.Errorf("%q: %v %s", command, err, diff)
		}
	}
	for command, want := range map[string]string{
		"":             "it names no command",
		" \n":          "it names no command",
		`"" x`:         "it names no command",
		`get "s3cret`:  "Unterminated double-quoted string",
		`get 's3cret`:  "Unterminated single-quoted string",
		`get s3cret \`: "Unterminated backslash-escape",
	} {
		if _, err := splitCommand(command); err == nil || err.Error() != want {
			t.Errorf("%q: the error is %v, want %q", command, err, want)
		}
	}
}
