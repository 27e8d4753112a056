package holt.cli;

/**
 * One entry of a tar archive; its content follows it.
 *
 * @param name as the archive has it, to be checked by whoever uses it
 * @param mode permissions
 * @param size of the content, bytes
 * @param modifiedSeconds since 1970
 * @param target of a link; empty for others
 */
record TarEntry(String name, Kind kind, int mode, long size, long modifiedSeconds, String target) {

    /** What an entry is. */
    enum Kind {
        FILE('0'),
        HARD_LINK('1'),
        LINK('2'),
        FOLDER('5'),
        /** A device, or something nobody knows. */
        OTHER('?');

        final char letter;

        Kind(char letter) {
            this.letter = letter;
        }

        static Kind of(char letter) {
            return switch (letter) {
                case '0', '7', '\0' -> FILE;
                case '1' -> HARD_LINK;
                case '2' -> LINK;
                case '5' -> FOLDER;
                default -> OTHER;
            };
        }
    }
}
