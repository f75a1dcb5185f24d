// Sums along one direction. Where nothing is seen nothing is added, so that the rim casts no shadow.
uniform sampler2D depths;
uniform ivec2 along;

out vec2 sum;

void main()
{
    ivec2 size = textureSize(depths, 0), at = ivec2(gl_FragCoord.xy);
    sum = vec2(0.0);
    for (int step = -RADIUS; step <= RADIUS; step++) {
        ivec2 other = at + step * along;
        if (all(greaterThanEqual(other, ivec2(0))) && all(lessThan(other, size)))
            sum += texelFetch(depths, other, 0).xy;
    }
}
