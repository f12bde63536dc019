// SPDX-License-Identifier: Apache-2.0

// Command blockcheck feeds serialized blocks to Hyperledger Fabric's own peer code and tells where it disagrees with
// them: block signature, validation codes, commit hash.
//
//	blockcheck [-configtxlator PATH] FOLDER
//	blockcheck -alone FOLDER
//
// FOLDER holds one common.Block a file, NNNNNN.block, the genesis block first. The verdict is one JSON object on
// standard output; the exit code is 0 if Fabric agrees with every block, 1 if it does not, 2 if it could not be asked.
//
// With -alone, Fabric judges each transaction by itself and the blocks' own metadata counts for nothing: standard output
// then holds, block by block, the validation codes and the commit hash that Fabric comes to.
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"sort"

	"github.com/hyperledger/fabric-lib-go/common/flogging"
	"github.com/hyperledger/fabric-protos-go-apiv2/common"
	"google.golang.org/protobuf/proto"
)

// Verdict is what Fabric makes of a chain.
type Verdict struct {
	OK           bool           `json:"ok"`
	Channel      string         `json:"channel"`
	Blocks       int            `json:"blocks"`
	Transactions int            `json:"transactions"`
	Codes        map[string]int `json:"codes"`
	CommitHash   string         `json:"commitHash"`
	Decoded      int            `json:"decoded"`
	Differences  []Difference   `json:"differences"`
}

// Difference is one point on which Fabric and a block disagree.
type Difference struct {
	Block       uint64 `json:"block"`
	Transaction *int   `json:"transaction,omitempty"`
	What        string `json:"what"`
	InBlock     string `json:"inBlock"`
	ByFabric    string `json:"byFabric"`
}

func main() {
	configtxlator := flag.String("configtxlator", "", "also decode every block with this configtxlator")
	alone := flag.Bool("alone", false, "judge each transaction alone and print what Fabric makes of it")
	flag.Parse()
	if flag.NArg() != 1 {
		fmt.Fprintln(os.Stderr, "usage: blockcheck [-alone] [-configtxlator PATH] FOLDER")
		os.Exit(2)
	}
	if *alone {
		print(judgeAlone(flag.Arg(0)))
		return
	}
	verdict, err := check(flag.Arg(0), *configtxlator)
	if err != nil {
		fmt.Fprintln(os.Stderr, "blockcheck:", err)
		os.Exit(2)
	}
	if err := json.NewEncoder(os.Stdout).Encode(verdict); err != nil {
		os.Exit(2)
	}
	if !verdict.OK {
		os.Exit(1)
	}
}

func print(verdicts []*Judged, err error) {
	if err == nil {
		err = json.NewEncoder(os.Stdout).Encode(verdicts)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "blockcheck:", err)
		os.Exit(2)
	}
}

// open finds the blocks of a folder and starts a peer on the first of them.
func open(folder string) ([]string, *peer, error) {
	flogging.Init(flogging.Config{LogSpec: "fatal", Writer: os.Stderr})
	files, err := filepath.Glob(filepath.Join(folder, "*.block"))
	if err != nil || len(files) == 0 {
		return nil, nil, fmt.Errorf("no *.block files in %s", folder)
	}
	sort.Strings(files)
	genesis, err := readBlock(files[0])
	if err != nil {
		return nil, nil, err
	}
	peer, err := newPeer(genesis)
	return files, peer, err
}

func check(folder, configtxlator string) (*Verdict, error) {
	files, peer, err := open(folder)
	if err != nil {
		return nil, err
	}
	defer peer.close()

	verdict := &Verdict{Channel: peer.channel, Codes: map[string]int{}, Differences: []Difference{}}
	for number, file := range files {
		block, err := readBlock(file)
		if err != nil {
			return nil, err
		}
		if number > 0 {
			differences, err := peer.commit(block)
			if err != nil {
				return nil, fmt.Errorf("block %d: %w", number, err)
			}
			verdict.Differences = append(verdict.Differences, differences...)
		}
		if configtxlator != "" {
			if err := decode(configtxlator, file); err != nil {
				return nil, err
			}
			verdict.Decoded++
		}
		verdict.count(block)
	}
	verdict.OK = len(verdict.Differences) == 0
	return verdict, nil
}

// count takes over what the block holds after Fabric has marked it.
func (v *Verdict) count(block *common.Block) {
	v.Blocks++
	v.Transactions += len(block.Data.Data)
	for _, code := range filterOf(block) {
		v.Codes[codeName(code)]++
	}
	v.CommitHash = fmt.Sprintf("%x", commitHashOf(block))
}

func readBlock(file string) (*common.Block, error) {
	bytes, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	block := &common.Block{}
	if err := proto.Unmarshal(bytes, block); err != nil {
		return nil, fmt.Errorf("%s is no block: %w", file, err)
	}
	if block.Header == nil || block.Data == nil || block.Metadata == nil {
		return nil, fmt.Errorf("%s is no whole block", file)
	}
	return block, nil
}
