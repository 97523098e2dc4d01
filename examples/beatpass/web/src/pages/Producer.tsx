export default function Producer() {
  return <div className="page"><h1>Producer</h1></div>;
}
