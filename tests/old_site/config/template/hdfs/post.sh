#!/bin/bash
rm -f "$2"/stdout/*.hprof.old
