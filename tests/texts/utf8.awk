# tests/texts/utf8.awk - characters, for an awk that counts bytes (LC_ALL=C)
BEGIN {
    for (i = 1; i < 256; i++)
        ord[sprintf("%c", i)] = i
}
# decode(TEXT): how many characters it has; they are in char[], and their
# numbers in point[].
function decode(text,    n, i, c, byte) {
    n = 0
    for (i = 1; i <= length(text); i++) {
        c = substr(text, i, 1)
        byte = ord[c]
        if (byte >= 128 && byte < 192) { # a following byte
            point[n] = point[n] * 64 + byte - 128
            char[n] = char[n] c
        } else {
            n++
            point[n] = byte >= 240 ? byte - 240 : byte >= 224 ? byte - 224 : \
                byte >= 192 ? byte - 192 : byte
            char[n] = c
        }
    }
    return n
}
function within(x, low, high) {
    return x >= low && x <= high
}
