package org.attention4j.pictures;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** What a picture is written as. */
public enum PictureFormat {
    /** A web page of one file. */
    HTML,
    /** An image. */
    PNG;

    /**
     * By a file's extension, before the work whose result is to be written there.
     *
     * @throws IllegalArgumentException if it is another, or the folder of the file does not exist
     */
    public static PictureFormat forWriting(Path file) {
        PictureFormat format = of(file);
        Path folder = file.toAbsolutePath().getParent();
        if (folder != null && !Files.isDirectory(folder)) {
            throw new IllegalArgumentException("%s: there is no folder %s".formatted(file, file.getParent()));
        }
        return format;
    }

    /**
     * By a file's extension.
     *
     * @throws IllegalArgumentException if it is another
     */
    public static PictureFormat of(Path file) {
        String name = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
        if (name.endsWith(".html") || name.endsWith(".htm")) {
            return HTML;
        }
        if (name.endsWith(".png")) {
            return PNG;
        }
        throw new IllegalArgumentException("%s: expected a file that ends in .html or .png".formatted(file));
    }
}
