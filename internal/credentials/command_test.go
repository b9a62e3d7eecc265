package credentials

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestSplitCommand(t *testing.T) {
	t.Parallel()
	type want struct {
		args []string
		err  string
	}
	both := func(args ...string) [2]want { return [2]want{{args: args}, {args: args}} }
	fails := func(err string) [2]want { return [2]want{{err: err}, {err: err}} }
	for command, wants := range map[string][2]want{ // Of other systems and of Windows.
		"get keys":                  both("get", "keys"),
		"  get\tkeys\n":             both("get", "keys"),
		`"a b" 'c d' e" "f`:         both("a b", "c d", "e f"),
		`get "" ''`:                 both("get", "", ""),
		`"a\"b" 'd\e'`:              both(`a"b`, `d\e`),
		`a\ b \"c\\`:                {{args: []string{"a b", `"c\`}}, {err: "a quote that is not closed"}},
		`"a\$\c"`:                   {{args: []string{`a$\c`}}, {args: []string{`a\$\c`}}},
		`C:\tools\get.exe "D:\a b"`: {{args: []string{"C:toolsget.exe", `D:\a b`}}, {args: []string{`C:\tools\get.exe`, `D:\a b`}}},
		"get \\\n keys \"one\\\ntwo\"": {
			{args: []string{"get", "keys", "onetwo"}},
			{args: []string{"get", `\`, "keys", "one\\\ntwo"}},
		},
		"":          fails("no command"),
		`"" x`:      fails("no command"),
		`get "keys`: fails("a quote that is not closed"),
		`get \`:     {{err: "a backslash at its end"}, {args: []string{"get", `\`}}},
	} {
		for i, want := range wants {
			args, err := splitCommand(command, i == 1)
			if diff := cmp.Diff(want.args, args); diff != "" {
				t.Errorf("%q, on Windows %t: %s", command, i == 1, diff)
			}
			if (err == nil) != (want.err == "") || err != nil && err.Error() != want.err {
				t.Errorf("%q, on Windows %t: the error is %v, want %q", command, i == 1, err, want.err)
			}
		}
	}
}
