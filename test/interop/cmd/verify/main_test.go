package main

import (
	"strings"
	"testing"
)

func TestGivesOneVerdictALine(t *testing.T) {
	var out strings.Builder
	in := "{}\n\nnot JSON\n" + `{"policy":"","proof":"","certificate":"","now":1,"maxAge":1,"expect":"ok"}` + "\n[1]"
	if err := run(strings.NewReader(in), &out); err != nil {
		t.Fatal(err)
	}
	want := strings.Repeat("error malformed_request\n", 3) + "error policy_invalid\nerror malformed_request\n"
	if out.String() != want {
		t.Errorf("got %q", out.String())
	}
}
